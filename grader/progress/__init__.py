"""Where a student stands: kept results, the outline of the course, what is next; nothing slow is imported."""
