"""The learning rate of each step: linear warm-up, then half a cosine."""


def warmup_cosine(step: int, total_steps: int, warmup_steps: int, peak: float, final: float = 0.0) -> float:
    """The learning rate with which the optimiser takes one step.

    Parameters:
        step: number of the step, counted from 0, an int or a NumPy integer like the next two. It may lie behind the
            last step of the schedule.
        total_steps: steps of the whole schedule, warm-up included; the last of them is total_steps - 1.
        warmup_steps: steps of the warm-up, from 0 (none) to total_steps - 1.
        peak: the largest learning rate, above 0.
        final: the learning rate at the end, from 0 to peak.

    Returns:
        A float. In the warm-up (step < warmup_steps) the rate rises in equal stages from peak / warmup_steps at step 0
        to peak at step warmup_steps - 1. From step warmup_steps, which gets peak, too, half a cosine takes it down to
        final at step total_steps - 1. Every later step gets final. Where the warm-up leaves one step only, that step
        gets peak and the later ones get final.

    Raises:
        ValueError: step < 0, warmup_steps < 0 or warmup_steps >= total_steps.

    Example:
        warmup_cosine(step, 9, 4, 0.8, 0.2) for the steps 0 to 9 gives, rounded,
        0.2, 0.4, 0.6, 0.8, 0.8, 0.7121, 0.5, 0.2879, 0.2, 0.2
    """
    raise NotImplementedError
