"""The one exception of the course: something a person did, said so that they can put it right."""


class CourseError(Exception):
    """A message for a person: what was found, what was wanted, what to do next."""
