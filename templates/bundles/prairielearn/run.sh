#!/usr/bin/env bash
# PrairieLearn runs this for each submission, as root, with the exercise's name. Whatever happens
# below, results.json is there and valid: it holds what follows until the judge has results.
set -u

here=/grade/serverFilesCourse/grader
results=/grade/results/results.json
mkdir -p /grade/results /grade/student
cat >"$results" <<'END'
{
  "gradable": false,
  "score": 0,
  "message": "The grader could not grade this submission. It took no points and no attempt: tell your instructor.",
  "format_errors": ["The grader could not grade this submission. It took no points and no attempt: tell your instructor."]
}
END

/opt/grader/bin/python -m zipfile -e "$here"/*.whl /opt/wheel
PYTHONPATH=/opt/wheel timeout --kill-after=5 580 /opt/grader/bin/python -P -m grader.bundles \
  "$here" /grade/student "$results" "$@" 2>&1
status=$?
[ "$status" -eq 0 ] || echo "The submission was not graded (exit code $status)."
exit 0
