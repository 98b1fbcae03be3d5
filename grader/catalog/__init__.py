"""The exercises of a course: where they lie, what their manifests say, which mistakes are known."""
