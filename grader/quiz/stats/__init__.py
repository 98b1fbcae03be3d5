"""Statistics of questions from what real students answered."""
