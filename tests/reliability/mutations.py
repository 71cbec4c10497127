"""Takes each guard out of a copy of the source in turn, and looks whether the test that stands for it fails.

    python -m tests.reliability.mutations [NAME …]

A guard whose test still passes without it is no guard, or the test is none.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Guard:
    """A piece of ``file``, what is put in its place, and the test that must fail then."""

    name: str
    file: str
    piece: str
    instead: str
    test: str


GUARDS = (
    Guard(
        "hashes of files",
        "index/checked.py",
        "    for sentence in damage(path, manifest, names=manifest.files.keys() - stamped):",
        "    for sentence in []:",
        "index/test_folder.py::test_a_damaged_generation_falls_back_to_the_one_before",
    ),
    Guard(
        "stamps of large files",
        "index/checked.py",
        "if then.get(name) == stamp)",
        "if name in then)",
        "index/test_checked.py::test_a_large_file_that_was_written_to_is_hashed_again",
    ),
    Guard(
        "hashes of large files, when a server is ready",
        "live.py",
        "        for problem in problems:",
        "        for problem in []:",
        "test_live.py::test_damage_that_no_stamp_tells_is_noticed_behind_the_start",
    ),
    Guard(
        "hash of the manifest",
        "index/checked.py",
        'hashlib.sha256(data).hexdigest()[:16] != named["hash"]',
        "False",
        "index/test_checked.py::test_an_edited_manifest_is_refused",
    ),
    Guard(
        "time in the manifest",
        "index/checked.py",
        'manifest.created != named["created"]',
        "False",
        "index/test_checked.py::test_a_renamed_generation_is_refused",
    ),
    Guard(
        "tables of the model",
        "indexer/previous.py",
        "    if not tables.are_stored(manifest.files):",
        "    if False:",
        "indexer/test_build.py::test_other_tables_make_a_new_generation",
    ),
    Guard(
        "weights in a table",
        "retriever/offline/own_tables.py",
        "    if others:",
        "    if False:",
        "retriever/offline/test_own_tables.py::test_tables_of_another_model_are_refused",
    ),
    Guard(
        "weights in a stored table",
        "retriever/learned_tables.py",
        "        if wrong := tables.made_for_others(manifest.model.sha256):",
        "        if wrong := []:",
        "indexer/test_build.py::test_tables_of_another_model_are_not_opened",
    ),
    Guard(
        "names in the manifest",
        "index/manifest.py",
        'or "/" in name',
        "",
        "index/test_manifest.py::test_a_manifest_cannot_name_files_elsewhere",
    ),
    Guard(
        "no links",
        "durable.py",
        "if not follow and path.is_symlink():",
        "if False:",
        "test_durable.py::test_what_is_no_file_is_refused_at_once",
    ),
    Guard(
        "regular files only",
        "durable.py",
        "if not stat.S_ISREG(os.fstat(descriptor).st_mode):",
        "if False:",
        "test_durable.py::test_what_is_no_file_is_refused_at_once",
    ),
    Guard(
        "only what the manifest names",
        "index/checked.py",
        "        if name not in self.manifest.files:",
        "        if False:",
        "index/test_checked.py::test_only_files_of_the_manifest_are_given_out",
    ),
    Guard(
        "fallback",
        "index/folder.py",
        "            return [current, *(name for name in generations if name != current)]",
        "            return [current]",
        "index/test_folder.py::test_a_damaged_generation_falls_back_to_the_one_before",
    ),
    Guard(
        "a second look",
        "index/folder.py",
        "                    if self.current() != current:\n                        break\n",
        "",
        "index/test_folder.py::test_a_reader_looks_again_when_a_builder_was_faster",
    ),
    Guard(
        "reading back",
        "durable.py",
        "if digest(path, follow=False) != (total.hexdigest(), length):",
        "if False:",
        "test_durable.py::test_a_disk_that_gives_back_other_bytes_is_noticed",
    ),
    Guard(
        "short writes",
        "durable.py",
        "    while left:\n        left = left[os.write(descriptor, left) :]",
        "    os.write(descriptor, left)",
        "test_durable.py::test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all",
    ),
    Guard(
        "no trace of a failed replace",
        "durable.py",
        "        with contextlib.suppress(OSError):\n            temporary.unlink(missing_ok=True)\n",
        "",
        "test_durable.py::test_replace_fails_without_a_trace",
    ),
    Guard(
        "lock",
        "index/activation.py",
        "        lock.acquire()\n    except Timeout",
        "        pass\n    except Timeout",
        "indexer/test_build.py::test_one_builder_at_a_time_and_a_dead_one_holds_nothing",
    ),
    Guard(
        "tidying under the lock",
        "index/activation.py",
        "            lock.acquire()\n            IndexWriter(folder, lock).remove_leftovers()",
        "            IndexWriter(folder, lock).remove_leftovers()",
        "indexer/test_build.py::test_a_server_tidies_up_only_when_no_builder_is_at_work",
    ),
    Guard(
        "no writer without the lock",
        "index/activation.py",
        "        if not self._lock.is_locked or",
        "        if",
        "index/test_activation.py::test_without_the_lock_nothing_can_be_changed",
    ),
    Guard(
        "the lock of another folder",
        "index/activation.py",
        " or Path(self._lock.lock_file) != path / LOCK:",
        ":",
        "index/test_activation.py::test_the_lock_of_another_folder_is_none",
    ),
    Guard(
        "checksum of a vector",
        "indexer/vector_cache.py",
        'return zlib.crc32(record["vector"].tobytes(), zlib.crc32(record["key"].tobytes())) == int(record["crc"])',
        "return True",
        "indexer/test_vector_cache.py::test_every_single_damage_is_noticed",
    ),
    Guard(
        "damage is not copied",
        "indexer/vector_cache.py",
        "if name in wanted and _is_whole(records[row])}",
        "if name in wanted}",
        "indexer/test_vector_cache.py::test_a_damaged_record_is_never_vouched_for",
    ),
    Guard(
        "pruning keeps this build's",
        "indexer/vector_cache.py",
        "            records = self._written()",
        "            records = self._records",
        "indexer/test_vector_cache.py::test_pruning_keeps_what_this_build_has_embedded",
    ),
    Guard(
        "a torn batch is cut off",
        "indexer/vector_cache.py",
        "        except BaseException:\n            with contextlib.suppress(OSError):\n                self.close()",
        "        except BaseException:\n            with contextlib.suppress(OSError):\n                pass",
        "indexer/test_vector_cache.py::test_a_write_that_stops_half_way_leaves_no_gap",
    ),
    Guard(
        "model in the cache",
        "indexer/vector_cache.py",
        "if data[:HEAD] != head:",
        "if len(data) < HEAD:",
        "indexer/test_vector_cache.py::test_the_cache_of_another_model_is_not_used",
    ),
    Guard(
        "batches kept at once",
        "indexer/vector_cache.py",
        "        durable.write_all(self._file, _packed(names, vectors))",
        "        self._late = [*getattr(self, '_late', []), _packed(names, vectors)]",
        "indexer/test_vector_cache.py::test_a_killed_process_loses_no_finished_batch",
    ),
    Guard(
        "hash of an entry",
        "indexer/user_cache.py",
        "    if data[:HEAD] != MARK + _digest(key, body):",
        "    if len(data) < HEAD:",
        "indexer/test_user_cache.py::test_an_entry_that_is_damaged_or_torn_is_none_and_is_replaced",
    ),
    Guard(
        "an entry is its key's",
        "indexer/user_cache.py",
        "    digest = hashlib.sha256(key.encode())",
        "    digest = hashlib.sha256()",
        "indexer/test_user_cache.py::test_another_key_is_another_entry",
    ),
    Guard(
        "nobody else writes the user's cache",
        "indexer/user_cache.py",
        "    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):",
        "    if False:",
        "indexer/test_user_cache.py::test_what_others_could_have_written_is_not_taken",
    ),
    Guard(
        "owner of the user's cache",
        "indexer/user_cache.py",
        "    if status.st_uid not in (os.geteuid(), 0):",
        "    if False:",
        "indexer/test_user_cache.py::test_what_another_user_owns_is_not_taken",
    ),
    Guard(
        "another user's home",
        "indexer/user_cache.py",
        "            _refuse_owner(above, above.stat())",
        "            pass",
        "indexer/test_user_cache.py::test_root_makes_nothing_in_another_users_home",
    ),
    Guard(
        "an entry is there whole or not at all",
        "indexer/user_cache.py",
        'tempfile.mkstemp(dir=self.folder, prefix=f"{key}.", suffix=".tmp")',
        "os.open(self.folder / key, os.O_WRONLY | os.O_CREAT, 0o600), self.folder / key",
        "indexer/test_user_cache.py::test_a_builder_killed_while_it_writes_leaves_no_entry",
    ),
    Guard(
        "no build needs the user's cache",
        "indexer/user_cache.py",
        "        except OSError as error:\n            log.warning(",
        "        except KeyError as error:\n            log.warning(",
        "indexer/test_user_cache.py::test_a_folder_that_cannot_be_written_to_costs_one_line",
    ),
    Guard(
        "bounds of the user's cache",
        "indexer/user_cache.py",
        "    return newer >= MOST_ENTRIES or size > MOST_BYTES",
        "    return False",
        "indexer/test_user_cache.py::test_the_entries_used_longest_ago_go_first",
    ),
    Guard(
        "an export of another model",
        "indexer/export_recipe.py",
        '        "model": model.fingerprint,\n',
        "",
        "indexer/test_pipeline.py::test_another_model_is_exported_itself",
    ),
    Guard(
        "an export that computes otherwise here",
        "indexer/pipeline.py",
        "        except IndexUnusable:\n            for name in FILES:",
        "        except KeyError:\n            for name in FILES:",
        "indexer/test_pipeline.py::test_an_export_that_computes_otherwise_here_is_made_anew",
    ),
    Guard(
        "a full build takes nothing from the cache",
        "indexer/pipeline.py",
        " if self._model.cache and not self._full else None",
        " if self._model.cache else None",
        "indexer/test_pipeline.py::test_a_full_build_takes_nothing_from_the_cache",
    ),
    Guard(
        "content, not names",
        "indexer/build.py",
        "        if manifest.corpus == corpus.files and",
        "        if manifest.corpus.keys() == corpus.files.keys() and",
        "indexer/test_build.py::test_one_edited_answer_embeds_one_answer",
    ),
    Guard(
        "model and version",
        "indexer/build.py",
        "corpus.files and not previous.mismatch:",
        "corpus.files:",
        "indexer/test_build.py::test_another_model_or_version_is_noticed",
    ),
    Guard(
        "trial before activation",
        "indexer/build.py",
        "        trial(generation)\n",
        "",
        "indexer/test_build.py::test_a_generation_that_does_not_answer_is_not_activated",
    ),
    Guard(
        "reading the manifest back",
        "indexer/pipeline.py",
        "Generation.open(checked.check_written(self.path, name=name),",
        "Generation.open(checked.CheckedGeneration(self.path, manifest),",
        "indexer/test_build.py::test_an_index_that_cannot_be_read_back_is_not_activated",
    ),
    Guard(
        "readable names",
        "corpus/loader.py",
        "found[readable(path.relative_to(folder).as_posix())] = path",
        "found[path.relative_to(folder).as_posix()] = path",
        "corpus/test_loader.py::test_a_name_that_cannot_be_shown_is_written_with_escapes",
    ),
    Guard(
        "every row used or rejected",
        "corpus/loader.py",
        "if rows != used + rejected or",
        "if",
        "corpus/test_loader.py::test_a_row_that_is_neither_used_nor_rejected_is_found_out",
    ),
    Guard(
        "records read back before they are written",
        "corpus/jsonl.py",
        "    if row.outcome != question:",
        "    if row.outcome is None:",
        "corpus/test_jsonl.py::test_what_would_not_be_read_back_is_not_written",
    ),
    Guard(
        "plain messages",
        "index/activation.py",
        "    except (OSError, sqlite3.Error) as error:",
        "    except ZeroDivisionError as error:",
        "indexer/test_build.py::test_a_disk_that_refuses_is_a_plain_message",
    ),
    Guard(
        "plain message for memory",
        "index/activation.py",
        "    except MemoryError as error:",
        "    except ZeroDivisionError as error:",
        "indexer/test_build.py::test_too_little_memory_is_a_plain_message",
    ),
    Guard(
        "temporary folder removed",
        "indexer/build.py",
        "                shutil.rmtree(build.path, ignore_errors=True)",
        "                pass",
        "indexer/test_build.py::test_an_interrupted_build_goes_on_where_it_was",
    ),
    Guard(
        "no empty index",
        "indexer/build.py",
        "        if not any(question.answers for question in corpus.questions):",
        "        if False:",
        "indexer/test_build.py::test_an_empty_corpus_is_refused_and_the_index_stays",
    ),
    Guard(
        "held after a rollback",
        "indexer/build.py",
        "        held = self._held(corpus)\n        return BuildReport",
        "        held = None\n        return BuildReport",
        "indexer/test_build.py::test_rollback_goes_back_and_index_does_not_undo_it",
    ),
    Guard(
        "the good one is kept",
        "index/activation.py",
        "{finished.name, before or finished.name}",
        "set(self.folder.generations()[:2])",
        "indexer/test_build.py::test_after_a_rollback_the_next_build_keeps_the_good_one",
    ),
    Guard(
        "clock",
        "indexer/pipeline.py",
        "    if created > newest:",
        "    if True:",
        "indexer/test_build.py::test_the_clock_may_go_backwards",
    ),
    Guard(
        "another machine's arithmetic",
        "embedder/onnx_encoder.py",
        "        if cosine < PROBE_AGREEMENT:",
        "        if False:",
        "embedder/test_onnx_encoder.py::test_files_that_are_computed_otherwise_here_are_refused",
    ),
    Guard(
        "a GPU that computes otherwise",
        "indexer/pipeline.py",
        "        if alike < GPU_ALIKE:",
        "        if False:",
        "indexer/test_build.py::test_many_texts_are_embedded_where_it_is_faster",
    ),
    Guard(
        "the gate before the search",
        "responder.py",
        "            notices[text] = gate.decide(assessments[text], vectors)",
        "            self._parts.retriever.retrieve([queries[text]], limits=[1])\n"
        "            notices[text] = gate.decide(assessments[text], vectors)",
        "test_responder.py::test_words_are_read_while_the_vectors_are_made",
    ),
    Guard(
        "refused while serving",
        "live.py",
        "            served = self._opened(self._folder.path / named, before)",
        "            served = self._opened(self._folder.path / named, before)\n"
        "        except AskdocError:\n            self._served = None\n"
        "            return",
        "test_live.py::test_a_damaged_generation_is_not_taken",
    ),
    Guard(
        "the watch goes on",
        "live.py",
        "        except Exception as error:",
        "        except ZeroDivisionError as error:",
        "test_live.py::test_a_generation_that_cannot_answer_is_not_taken",
    ),
    Guard(
        "one reference to a request",
        "responder.py",
        "            index_id=self.index_id,",
        "            index_id='another',",
        "test_live.py::test_no_reply_mixes_two_generations",
    ),
    Guard(
        "vectors belong to texts",
        "evaluation/known_items.py",
        "        problems = misaligned(index, most=TRIED)",
        "        problems: list[str] = []",
        "indexer/test_verify.py::test_vectors_in_another_order_are_found",
    ),
    Guard(
        "no weaker gate",
        "bootstrap.py",
        "                vectors = index.embedder.begin(examples.sentences())().inner",
        "                vectors = None",
        "test_bootstrap.py::test_after_an_upgrade_the_gate_knows_its_examples",
    ),
    Guard(
        "a removal is no damage",
        "indexer/verify.py",
        "        if not report.wrong or _state(folder) == before:",
        "        if True:",
        "indexer/test_verify.py::test_what_a_build_removes_meanwhile_is_no_damage",
    ),
    Guard(
        "a removal gives no traceback",
        "indexer/verify.py",
        "            if _state(folder) == before:",
        "            if True:",
        "indexer/test_verify.py::test_what_a_build_removes_meanwhile_is_no_damage",
    ),
    Guard(
        "no lock without an index",
        "index/activation.py",
        "        _take_away(made)  # while",
        "        # while",
        "indexer/test_build.py::test_where_nothing_comes_of_a_build_nothing_is_left",
    ),
    Guard(
        "what decides the answers",
        "settings.py",
        " or (variable in environ and name in _never_empty())",
        "",
        "test_settings.py::test_what_decides_the_answers_is_never_empty",
    ),
    Guard(
        "characters that an encoding lacks",
        "cli/output.py",
        'reconfigure(errors="backslashreplace")',
        "pass",
        "cli/test_output.py::test_what_an_encoding_lacks_is_escaped_and_said",
    ),
    Guard(
        "closed streams",
        "cli/output.py",
        "            os.open(os.devnull, os.O_RDWR)",
        "            pass",
        "cli/test_output.py::test_a_closed_stream_is_no_place_for_a_file",
    ),
    Guard(
        "a full output",
        "cli/output.py",
        "    except OSError as error:\n        abandon()",
        "    except ZeroDivisionError as error:\n        abandon()",
        "cli/test_output.py::test_whatever_the_streams_are_there_is_no_traceback",
    ),
    Guard(
        "nothing steers the terminal",
        "cli/terminal.py",
        "    return text.translate(_SAFE)",
        "    return text",
        "cli/test_main.py::test_what_steers_a_terminal_never_reaches_it",
    ),
    Guard(
        "reports have an end",
        "cli/render/findings.py",
        "    if len(findings) <= MAX_LISTED:",
        "    if True:",
        "cli/test_index.py::test_many_alike_are_summed_up",
    ),
    Guard(
        "passages are pieces",
        "indexer/verify.py",
        'if any(_bytes(answer.body, at) != _bytes(bodies.get(answer.id, ""), at) for at in bounds):',
        "if False:",
        "indexer/test_verify.py::test_words_that_differ_from_the_corpus_are_found",
    ),
    Guard(
        "nothing left out",
        "indexer/verify.py",
        "if not _covers(bounds, answer.body, page.title):",
        "if False:",
        "indexer/test_verify.py::test_words_that_differ_from_the_corpus_are_found",
    ),
    Guard(
        "matrices on seven bits",
        "embedder/quantized_matmul.py",
        "WEIGHT_MAX = 63",
        "WEIGHT_MAX = 127",
        "embedder/test_quantized_matmul.py::test_no_sum_of_two_products_grows_beyond_16_bits",
    ),
    Guard(
        "passages are embedded as documents",
        "index/field_texts.py",
        '"passage": Side.DOCUMENT',
        '"passage": Side.QUERY',
        "indexer/test_build.py::test_passages_are_embedded_as_documents_and_titles_as_queries",
    ),
    Guard(
        "a prompt is part of the key",
        "indexer/vector_cache.py",
        "if prompt != NO_PROMPT else",
        "if prompt is None else",
        "indexer/test_vector_cache.py::test_a_prompt_is_part_of_the_key",
    ),
    Guard(
        "rounding by what reaches a product",
        "embedder/quantized_matmul.py",
        "weights=_gptq(smoothed / self.weight_scales, moments)",
        "weights=np.rint(smoothed / self.weight_scales).astype(np.int8)",
        "embedder/test_quantized_matmul.py::test_rounding_makes_good_what_it_costs",
    ),
    Guard(
        "what is out of scope is not answered",
        "retriever/retriever.py",
        "return min(self._answered_odds(ranked), self._calibration.partial + SCOPE_SLOPE * ranked.scope_margin)",
        "return self._answered_odds(ranked)",
        "retriever/test_scope.py::test_out_of_scope_nothing_is_shown",
    ),
    Guard(
        "what nobody has answered is not covered",
        "retriever/offline/calibration.py",
        "    others = [questions.texts[row] for row in unanswered]\n",
        "    others: list[str] = []\n",
        "retriever/offline/test_calibration.py::test_a_question_that_nobody_has_answered_is_uncovered",
    ),
    Guard(
        "a trained model is kept",
        "bootstrap.py",
        "if fingerprint not in self._trained:",
        "if fingerprint:",
        "test_bootstrap.py::test_a_model_that_cannot_be_exported_is_loaded_once",
    ),
    Guard(
        "the runtime reports nothing",
        "__init__.py",
        'ORT_DISABLE_TELEMETRY="1", ',
        "",
        "test_privacy.py::test_the_runtime_keeps_nothing_of_the_machine",
    ),
    Guard(
        "the hub's client reports nothing",
        "__init__.py",
        ', HF_HUB_DISABLE_TELEMETRY="1"',
        "",
        "test_privacy.py::test_the_hubs_client_reports_nothing",
    ),
    Guard(
        "no connection before the index",
        "server/worker.py",
        "        _wait_until_loaded(provider)",
        "        pass",
        "server/test_worker.py::test_no_connection_is_accepted_before_the_index_is_loaded",
    ),
    Guard(
        "retiring",
        "server/worker.py",
        "                self._sharing.retiring = True",
        "                break",
        "server/test_worker.py::test_who_retires_answers_over_its_connections_and_sends_their_clients_elsewhere",
    ),
    Guard(
        "no worker has all connections",
        "server/worker.py",
        "self._at_once > BUSY",
        "False",
        "server/test_worker.py::test_a_busy_worker_asks_its_clients_to_connect_anew",
    ),
    Guard(
        "Ctrl-C is the supervisor's",
        "server/supervisor.py",
        "        signal.pthread_sigmask(signal.SIG_BLOCK, ours_alone)",
        "        pass",
        "server/test_supervisor.py::test_ctrl_c_ends_all_of_them_quietly",
    ),
    Guard(
        "a worker that cannot start any more",
        "server/supervisor.py",
        "        if not self._was_ready:",
        "        if worker.problem:",
        "server/test_supervisor.py::test_a_worker_that_cannot_start_any_more_leaves_the_others_at_work",
    ),
    Guard(
        "no tracing of requests",
        "server/app.py",
        "telemetry={",
        "extra={",
        "test_privacy.py::test_the_server_gives_no_request_to_a_tracer",
    ),
    Guard(
        "forms wait on no thread",
        "server/pages.py",
        "await asyncio.wrap_future(service.submit(AskRequest(question)))",
        "await run_in_threadpool(service.submit(AskRequest(question)).result)",
        "server/test_liveness.py::test_livez_and_readyz_answer_while_all_forms_wait",
    ),
    Guard(
        "liveness needs no thread",
        "server/api.py",
        "    async def livez()",
        "    def livez()",
        "server/test_liveness.py::test_livez_and_readyz_answer_while_all_forms_wait",
    ),
    Guard(
        "a long question is encoded once",
        "responder.py",
        "[texts[n] for n in places], LONG_TOKENS)",
        "[texts[n] for n in places], 10**9)",
        "test_responder_bounds.py::test_other_words_of_a_long_question_are_searched_with_its_own_vectors",
    ),
    Guard(
        "a long follow-up is encoded once",
        "responder.py",
        "request.question if long else request.followup.text",
        "request.followup.text",
        "test_responder_bounds.py::test_a_long_follow_up_is_searched_with_the_vectors_of_the_question",
    ),
    Guard(
        "no endless segment is encoded",
        "responder.py",
        "zip(segments, is_long, strict=True) if not long]",
        "zip(segments, is_long, strict=True)]",
        "test_responder_bounds.py::test_a_segment_that_is_too_long_is_not_encoded",
    ),
    Guard(
        "old context is not read",
        "query/followup.py",
        "for earlier in _latest(validated_context(context)):",
        "for earlier in validated_context(context):",
        "query/test_followup.py::test_of_a_long_context_only_the_latest_questions_are_read",
    ),
    Guard(
        "fewer tries in a large corpus",
        "query/spelling.py",
        "min(MOST_TRIED, MOST_COMPARED // max(1, known))",
        "MOST_TRIED",
        "query/test_spelling.py::test_in_a_large_corpus_fewer_words_are_tried",
    ),
    Guard(
        "tries of the spelling",
        "query/spelling.py",
        " or len(tried) == most_tried:",
        ":",
        "query/test_spelling.py::test_the_words_that_are_compared_are_bounded",
    ),
    Guard(
        "far words left out by their letters",
        "query/spelling.py",
        "np.flatnonzero(counts <= 2 * edits)",
        "np.flatnonzero(counts <= 99)",
        "query/test_spelling.py::test_of_the_known_words_few_are_compared_letter_by_letter",
    ),
    Guard(
        "sentence ends are looked for once",
        "safety/segments.py",
        r"(?<![.!?;\n])[.!?;\n]+",
        r"[.!?;\n]+",
        "test_linear_patterns.py::test_no_pattern_starts_over_within_a_run",
    ),
    Guard(
        "closing words are looked for once",
        "query/followup_patterns.py",
        r"(?<![\s?!.,;:])[\s?!.,;:]*(?:\b(?:then",
        r"[\s?!.,;:]*(?:\b(?:then",
        "test_linear_patterns.py::test_no_pattern_starts_over_within_a_run",
    ),
    Guard(
        "one error for unknown fields",
        "server/request_body.py",
        "if name not in cls.model_fields), 1)",
        "if name not in cls.model_fields), None)",
        "server/test_request_body.py::test_thousands_of_unknown_fields_are_one_error",
    ),
    Guard(
        "one error for what is no question",
        "server/api.py",
        "        FailFast(),\n",
        "",
        "server/test_request_body.py::test_thousands_of_earlier_questions_that_are_none_are_one_error",
    ),
    Guard(
        "typed words that are looked up",
        "query/completion.py",
        "words(text)))[-MOST_TYPED:]",
        "words(text)))",
        "query/test_completion.py::test_of_a_long_text_the_last_words_are_looked_up",
    ),
    Guard(
        "questions looked at while typing",
        "query/completion.py",
        "if total <= MOST_READ or place == rarest[0]",
        "",
        "query/test_completion.py::test_what_is_looked_at_is_bounded_and_the_rare_words_decide",
    ),
    Guard(
        "suggestions made once",
        "responder.py",
        "            if self._suggestions is None:",
        "            if True:",
        "test_responder_bounds.py::test_suggestions_are_made_by_one_of_those_who_ask_for_them",
    ),
)


def missed(guard: Guard) -> bool:
    """Whether the test fails without the guard, and for that reason: the source must still be Python."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "src"
        shutil.copytree(ROOT / "src", source)
        path = source / "askdoc" / guard.file
        text = path.read_text(encoding="utf-8")
        if text.count(guard.piece) != 1:
            raise SystemExit(f"{guard.name}: its piece stands {text.count(guard.piece)} times in {guard.file}")
        text = text.replace(guard.piece, guard.instead)
        compile(text, str(path), "exec")
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"tests/{guard.test}"]
        environment = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return True  # without this guard it hangs
        return done.returncode == 1


def main() -> None:
    wanted = [guard for guard in GUARDS if not sys.argv[1:] or guard.name in sys.argv[1:]]
    found = {guard.name: missed(guard) for guard in wanted}
    unseen = [name for name in found if not found[name]]
    print(json.dumps({"guards": len(found), "missed by their test": sum(found.values()), "not missed": unseen}))
    sys.exit(not all(found.values()))


if __name__ == "__main__":
    main()
