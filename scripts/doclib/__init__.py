"""What the documentation is made with: code blocks that run, pages made from the code, equations."""
