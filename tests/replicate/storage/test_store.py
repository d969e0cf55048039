"""Records in a shared store: whole or not there, the same bytes back, on a file system and on S3 over loopback."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "executors"))
import faults

from analysis.errors import InputError
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import launch
from replicate.ledger import Damaged
from replicate.storage.mirrored import Mirrored
from replicate.storage.store import Store


@pytest.fixture(scope="module")
def s3():
    """Address of an S3 server on loopback."""
    pytest.importorskip("s3fs", reason="needs the extra [s3]: make test-clusters")
    server_of = pytest.importorskip("moto.server", reason="needs moto: make test-clusters")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def url(request, tmp_path, monkeypatch):
    if request.param == "file":
        yield f"file://{tmp_path}/store"
        return
    if request.param == "memory":
        yield f"memory://{tmp_path.name}/store"
        return
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    bucket = f"b-{uuid.uuid4().hex}"
    s3fs.S3FileSystem().mkdir(bucket)
    yield f"s3://{bucket}/runs"


def made(folder: Path, text: str, key: str = "k") -> tuple[dict, dict[str, Path]]:
    work = folder / ".work" / key
    work.mkdir(parents=True, exist_ok=True)
    (work / "model.safetensors").write_text(text)
    return {"kind": "target", "name": "x"}, {"model.safetensors": work / "model.safetensors"}


def ledger(folder: Path, url: str) -> Mirrored:
    return Mirrored(folder, Store(url))


def test_another_machine_reads_what_one_has_published(tmp_path, url):
    here, there = ledger(tmp_path / "a", url), ledger(tmp_path / "b", url)
    assert there.record("k") is None and not there.whole("k")
    here.publish("k", *made(here.root, "weights"))
    assert there.record("k")["kind"] == "target"
    assert there.verify("k")["files"] == here.verify("k")["files"]
    assert (there.folder("k") / "model.safetensors").read_text() == "weights"
    assert Store(url).keys() == {"k"}


def test_two_machines_that_finish_the_same_stage_leave_one_whole_record(tmp_path, url):
    machines = [ledger(tmp_path / name, url) for name in "ab"]
    for machine, text in zip(machines, ("first", "second"), strict=True):
        machine.publish("k", *made(machine.root, text))
    third = ledger(tmp_path / "c", url)
    assert third.whole("k")
    assert (third.folder("k") / "model.safetensors").read_text() in ("first", "second")


def test_a_writer_that_dies_before_the_record_has_published_nothing(tmp_path, url):
    here, there = ledger(tmp_path / "a", url), ledger(tmp_path / "b", url)
    place, root = here.store._place
    place.makedirs(f"{root}/k/dead", exist_ok=True)
    place.pipe_file(f"{root}/k/dead/model.safetensors", b"hal")
    assert there.record("k") is None and not there.whole("k") and Store(url).keys() == set()
    here.publish("k", *made(here.root, "weights"))
    assert there.whole("k")


def test_an_upload_that_was_killed_is_repeated(tmp_path, url):
    here = ledger(tmp_path / "a", url)
    here.publish("k", *made(here.root, "weights"))
    here.store.forget("k")  # as if the machine had died between its own rename and the store's
    (here.root / ".sent" / "k").unlink()
    assert ledger(tmp_path / "a", url).record("k") is not None
    assert ledger(tmp_path / "b", url).whole("k")


def test_damage_is_noticed_on_both_sides(tmp_path, url):
    here, there = ledger(tmp_path / "a", url), ledger(tmp_path / "b", url)
    here.publish("k", *made(here.root, "weights"))
    assert there.whole("k")
    (there.folder("k") / "model.safetensors").write_text("Weights")
    assert there.verify("k") and (there.folder("k") / "model.safetensors").read_text() == "weights"
    place, root = here.store._place
    (attempt,) = [p for p in place.ls(f"{root}/k", detail=False) if not p.endswith("json")]
    place.pipe_file(f"{attempt}/model.safetensors", b"Weights")
    third = ledger(tmp_path / "c", url)
    with pytest.raises(Damaged, match="is changed in"):
        third.verify("k")
    assert not third.whole("k") and Store(url).record("k") is None


@pytest.mark.slow
def test_a_grid_whose_machine_is_lost_goes_on_elsewhere(tmp_path, url):
    if url.startswith("memory"):
        pytest.skip("file and s3 show it")
    expected = faults.reference(tmp_path)

    def go(name):
        one, heard = launch(faults.request(tmp_path, name, store=url)), faults.Heard()
        with closing(Inline(one.setting, heard)) as crew:
            return one, run(one.graph, one.ledger, crew, heard)

    first, summary = go("first")
    assert not summary.failed and faults.scores(first) == expected
    lost = next(key for key, stage in first.graph.stages.items() if stage.kind == "target")
    shutil.rmtree(first.setting.runs)
    Store(url).forget(lost)
    second, summary = go("second")
    assert not summary.failed and summary.done == [lost]
    assert faults.scores(second) == expected
    assert len(second.ledger.results()) == len(second.ledger.results(*second.graph.stages)) > 0


def test_a_place_that_cannot_be_reached_is_told(tmp_path):
    with pytest.raises(InputError, match="no-such-protocol"):
        ledger(tmp_path, "no-such-protocol://x")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be reached"):
        ledger(tmp_path / "a", f"file://{tmp_path}/file/x")


def test_a_record_in_a_store_is_an_ordinary_record_with_its_attempt(tmp_path):
    here = ledger(tmp_path / "a", f"file://{tmp_path}/store")
    here.publish("k", *made(here.root, "weights"))
    told = json.loads((tmp_path / "store" / "k" / "record.json").read_text())
    assert (tmp_path / "store" / "k" / told["attempt"] / "model.safetensors").read_text() == "weights"
    assert not list((tmp_path / "store" / "k" / told["attempt"]).glob("record*"))
