"""What a student's own folder tells about the way so far: hints shown, stubs as they were handed out."""
