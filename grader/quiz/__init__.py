"""Quizzes: banks of questions, drawn per student, marked by named rules, proven by a linter."""
