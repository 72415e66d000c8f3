#!/usr/bin/env bash
# fastparquet 2026.9.0 loses most of a long column of words, without a word, where pyarrow is installed too.
#
# Seen with pandas 3.1.1, pyarrow 26.0.1, numpy 2.4.6, Python 3.11: a column of 400,000 different words, written by
# pyarrow, is read back by fastparquet with its first 82,048 words right and None in the 317,952 others. There is no error
# and no warning. The same file, with pyarrow taken out of the environment, is read right to the last word.
# It met us on a table of word vectors: 95,360 of its 400,000 words came. Asking for objects by name
# (columns read with dtype object from the start) or reading with pyarrow gives them all.
#
# Output seen:
#   beside pyarrow: 317952 of 400000 words are None, the first at row 82048
#   without pyarrow: 0 of 400000 words are None
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    pandas==3.1.1 pyarrow==26.0.1 fastparquet==2026.9.0 numpy==2.4.6

cat > write.py <<'PY'
import pandas as pd

pd.DataFrame({"word": [f"word{i}" for i in range(400_000)]}).to_parquet("words.parquet", engine="pyarrow")
PY
cat > read.py <<'PY'
import fastparquet

words = fastparquet.ParquetFile("words.parquet").to_pandas()["word"]
lost = words.isna()
first = f", the first at row {lost.idxmax()}" if lost.any() else ""
assert all(word == f"word{i}" for i, word in words[~lost].items()), "a word is another one"
print(f"{lost.sum()} of {len(words)} words are None{first}")
PY
env/bin/python write.py
beside=$(env/bin/python read.py)
env/bin/python -m pip uninstall -q -y pyarrow
without=$(env/bin/python read.py)
echo "beside pyarrow: $beside"
echo "without pyarrow: $without"
[ "$beside" = "317952 of 400000 words are None, the first at row 82048" ] && [ "$without" = "0 of 400000 words are None" ]
