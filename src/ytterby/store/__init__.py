"""Storage: the project file, run folders, checkpoints, screens and exports."""
