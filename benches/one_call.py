"""The call that livectl makes, by Python's usual library; its answer as a user would see it."""

import json
import os

import requests

headers = {"x-tc-action": "DescribeLiveDomains", "x-tc-version": "2018-08-01"}
answer = requests.post(os.environ["BENCH_URL"], json={"PageSize": 10}, headers=headers, timeout=30)
answer.raise_for_status()
print(json.dumps(answer.json(), indent=2))
