"""Every place where something comes in, under inputs that are changed by chance: what is taken, refused in clear words, or lost."""
