"""Where a submission runs: one contract, three backends (bubblewrap with warm forks, plain subprocess, in-process)."""
