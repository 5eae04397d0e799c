"""One GET after the other for each address on stdin; prints how many answers were JSON."""
import json
import sys
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
got = 0
for line in sys.stdin:
    with opener.open(line.strip()) as reply:
        json.load(reply)
        got += 1
print(got)
