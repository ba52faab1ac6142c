"""measure.py OUT.json COMMAND...: runs the command and writes its CPU seconds (children too), wall seconds and peak memory."""
import json, resource, subprocess, sys, time

began = time.time()
code = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
figures = {"cpu_s": used.ru_utime + used.ru_stime, "wall_s": time.time() - began, "peak_mb": used.ru_maxrss / 1024}
json.dump(figures, open(sys.argv[1], "w"))
sys.exit(code)
