"""What an exercise draws of a submission: the panels, and the hand that an author's `picture.py` draws them with."""
