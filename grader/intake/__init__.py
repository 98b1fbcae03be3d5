"""Takes what instructors have: folders, files and zips of a class become students and their sources."""
