"""The list of exercises, as text and as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.locales import number


def broken_topics(course: Course, exercises: Sequence[Exercise]) -> list[str]:
    """What is wrong with the `topic.yaml` of the topics of these exercises."""
    broken = []
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        try:
            course.topic(topic)
        except CourseError as error:
            broken.append(str(error))
    return broken


def as_text(course: Course, exercises: Sequence[Exercise], language: str) -> Iterator[str]:
    """Lines for a reader: topics, and under each its exercises."""
    width = max((len(exercise.name) for exercise in exercises), default=0)
    topic = ""
    for exercise in exercises:
        if exercise.topic != topic:
            topic = exercise.topic
            yield f"{topic}   {_title(course, topic, language)}".rstrip()
        manifest = exercise.manifest
        yield f"  {exercise.name:<{width}}  {number(manifest.points):>3}  {manifest.title.get(language)}"


def _title(course: Course, topic: str, language: str) -> str:
    try:
        return course.topic(topic).title.get(language)
    except CourseError:  # told after the list
        return ""


def as_lines(exercises: Sequence[Exercise]) -> Iterator[str]:
    """One JSON object per exercise."""
    for exercise in exercises:
        manifest = exercise.manifest
        yield json.dumps(
            {
                "exercise": exercise.name,
                "topic": exercise.topic,
                "points": manifest.points,
                "title": manifest.title.model_dump(),
                "requires": manifest.requires,
                "file": str(exercise.stub),
            },
            ensure_ascii=False,
        )
