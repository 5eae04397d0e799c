#!/usr/bin/env python3
"""run-measured.py COMMAND... - runs a command and prints, as one line of JSON, its seconds, processor seconds and peak memory.

The operating system counts them, for any program alike. The command's own stdout is in the line as `out`.
"""
import json, resource, subprocess, sys, time

began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
seconds = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
figures = dict(seconds=seconds, cpu=used.ru_utime + used.ru_stime, peakMb=used.ru_maxrss / 1024, out=done.stdout)
print(json.dumps(figures))
if done.returncode:
    sys.stderr.write(done.stderr)
    sys.exit(done.returncode)
