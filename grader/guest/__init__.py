"""What runs beside the student's code: it answers the judge's calls and holds nothing worth stealing.

Imports only the standard library, numpy, torch (once something needs it), safetensors and pyseccomp, and nothing from the rest
of the kit, because the sandbox shows a submission this folder alone.
"""
