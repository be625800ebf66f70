"""What a project holds: answers, uploads, results."""
