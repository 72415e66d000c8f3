"""A folder of pictures: which files are read, what their numbers mean, and what is said of the others."""

import shutil
import warnings

import numpy as np
import pytest
from PIL import Image

from transferlib import imagenet
from transferlib.lessons.your_own_problem.examples import write_photographs
from transferlib.networks import Pair
from transferlib.own_data import copies, problems
from transferlib.own_data.ladder import Ladder
from transferlib.own_data.pictures import pictures_in, read_pictures
from transferlib.own_data.problems import of_folder
from transferlib.own_data.saved_model import open_model, save_model
from transferlib.tasks import Task


@pytest.fixture
def folder(tmp_path):
    """Two classes: pictures of every size and mode, all of one colour, and what a folder also holds."""
    made = {
        "blue": [
            ("RGB", (0, 0, 255), "a.png"),
            ("RGBA", (0, 0, 255, 255), "b.PNG"),
            ("P", 0, "c.gif"),
            ("RGB", (0, 0, 255), "d.bmp"),
        ],
        "white": [("L", 255, "a.png"), ("1", 1, "b.png"), ("RGBA", (9, 9, 9, 0), "c.png"), ("I;16", 65535, "d.png")],
    }
    for label, pictures in made.items():
        (tmp_path / label / "deep").mkdir(parents=True)
        for number, (mode, colour, name) in enumerate(pictures):
            picture = Image.new(mode, (5 + number, 9 - number), colour)
            if mode == "P":
                picture.putpalette([0, 0, 255] * 256)
            picture.save(tmp_path / label / ("deep" if name[0] == "d" else "") / name)
        (tmp_path / label / "notes.txt").write_text("no picture")
        (tmp_path / label / ".DS_Store.png").write_text("no picture")
    (tmp_path / ".hidden").mkdir()
    return tmp_path


@pytest.mark.parametrize("mode, blue, channels", [("RGB", (0, 0, 1), 3), ("L", (29 / 255,), 1)])
def test_a_folder_a_class_with_pictures_of_every_size_and_mode(folder, mode, blue, channels):
    files = pictures_in(folder)
    assert {label: len(found) for label, found in files.items()} == {"blue": 4, "white": 4}
    for label, found in files.items():
        pictures, white = read_pictures(found, (4, 6), mode)
        assert pictures.shape == (4, 4, 6, channels) and white == (65535 if label == "white" else None)
        np.testing.assert_allclose(
            pictures, np.broadcast_to(np.ones(channels) if label == "white" else blue, pictures.shape)
        )


def noise(path, number, classes="ab", size=16):
    home = path / classes[number % len(classes)]
    home.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(number).integers(0, 256, (size, size)).astype(np.uint8)
    Image.fromarray(pixels).save(home / f"{number:02d}.png")
    return home / f"{number:02d}.png"


def test_a_photograph_stands_upright_and_a_task_keeps_its_groups(tmp_path):
    for number in range(16):
        pixels = np.random.default_rng(number).integers(100, 120, (4, 8)).astype(np.uint8)
        pixels[:, :4] = 255  # white on the left: turned by the camera, it is above
        tag = Image.Exif()
        tag[0x0112] = 6
        (tmp_path / "ab"[number % 2]).mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "ab"[number % 2] / f"{number // 4}_{number}.png", exif=tag)
    problem = of_folder(tmp_path, size=(8, 4), mode="L", groups=lambda path: path.name[0], source=None, name="turned")
    task = problem.task(seed=1)
    assert (task.x_train[:, :4] == 1).all() and (task.x_train[:, 4:] < 1).all() and task.picture == (8, 4)
    kept, held = problem.split(1)
    assert len(task.y_test) == 4 and not set(problem.groups[kept]) & set(problem.groups[held])
    np.testing.assert_array_equal(task.x_test.reshape(4, -1), problem.plain[held])
    assert len(problem.task(test=8).y_test) == 8


def test_hidden_folders_and_those_of_a_nas_are_passed_over_wherever_they_lie(tmp_path):
    files = [noise(tmp_path, number) for number in range(40)]
    for home in ("a", "b"):
        for place in (".ipynb_checkpoints", "@eaDir/thumbs", "deep/.git"):
            (tmp_path / home / place).mkdir(parents=True)
            for file in (tmp_path / home).glob("*.png"):
                shutil.copy(file, tmp_path / home / place / file.name)
    assert sorted(file for found in pictures_in(tmp_path).values() for file in found) == sorted(files)


def test_a_folder_below_a_hidden_one_is_read(tmp_path):
    files = [noise(tmp_path / ".cache" / "pictures", number) for number in range(4)]
    assert sum(map(len, pictures_in(tmp_path / ".cache" / "pictures").values())) == len(files)


def test_pictures_of_a_telephone_that_cannot_be_read_are_told(tmp_path):
    for number in range(8):
        file = noise(tmp_path, number)
        if number % 2:
            file.rename(file.with_suffix((".HEIC", ".cr2")[number == 1]))
            noise(tmp_path, number + 20)
    with pytest.warns(UserWarning, match="passed over: 1 .cr2 in b, 3 .heic in b; save them as JPEG or PNG"):
        assert {label: len(found) for label, found in pictures_in(tmp_path).items()} == {"a": 4, "b": 4}
    for file in (tmp_path / "b").glob("*.png"):
        file.unlink()
    with pytest.raises(ValueError, match="b holds no picture that can be read .*.heic in b.* JPEG"):
        pictures_in(tmp_path)


def test_masks_beside_their_pictures_are_told_and_a_mask_that_one_wears_is_not(tmp_path):
    (tmp_path / "cats").mkdir()
    for name in ("cat_01.png", "cat_02.jpg", "mask.png", "red_mask.png", "mask_2.png"):
        Image.new("L", (8, 8)).save(tmp_path / "cats" / name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures_in(tmp_path)
    for name in ("cat_01_mask.png", "cat_02-SEG.png", "cat_02_mask_1.png"):
        Image.new("L", (8, 8)).save(tmp_path / "cats" / name)
    with pytest.warns(UserWarning, match="3 pictures are, by the name, the mask of another .cats.cat_01_mask.png"):
        pictures_in(tmp_path)


@pytest.mark.parametrize("halves", [("train", "test"), ("Training", "val"), ("test",)])
def test_train_and_test_are_no_classes(tmp_path, halves):
    for half in halves:
        for number in range(4):
            noise(tmp_path / half, number)
    with pytest.raises(ValueError, match=f"holds {min(halves)}: a part of a data set, .* such as .*{min(halves)}"):
        of_folder(tmp_path, source=None)
    assert set(pictures_in(tmp_path / halves[0])) == {"a", "b"}


def test_a_class_may_be_called_test(tmp_path):
    for number in range(4):
        noise(tmp_path, number, ("test", "rest"))
    assert set(pictures_in(tmp_path)) == {"test", "rest"}


RAMP = np.tile(np.arange(64), (64, 1)) / 63


@pytest.mark.parametrize(
    "pixels, suffix, white",
    [
        ((RAMP * 65535).astype(np.uint16), "png", None),
        ((RAMP * 65535).astype(np.uint16), "tif", None),
        (RAMP.astype(np.float32), "tif", None),
        ((RAMP * 4095).astype(np.uint16), "png", 4095),
        ((RAMP * 255).astype(np.uint16), "png", 255),
        ((RAMP * 255).astype(np.int32), "tif", 255),
        ((RAMP * 255).astype(np.float32), "tif", 255),
    ],
)
def test_pictures_of_more_than_8_bits_are_read_rightly_or_refused_with_mode_and_range(tmp_path, pixels, suffix, white):
    file = tmp_path / f"ramp.{suffix}"
    Image.fromarray(pixels).save(file)
    if white:
        high = pixels.max()
        with pytest.raises(
            ValueError, match=rf"ramp.*: a picture of mode [IF].* from 0 to {high:g} .* such as white={white}"
        ):
            read_pictures([file], (64, 64), "L")
    for mode in ("L", "RGB"):
        read, _ = read_pictures([file], (64, 64), mode, white)
        assert read.shape == (1, 64, 64, 1 if mode == "L" else 3)
        np.testing.assert_allclose(read, np.broadcast_to(RAMP[None, :, :, None], read.shape), atol=1 / 250)


def test_what_is_white_is_found_over_all_pictures_and_kept_for_new_ones(tmp_path):
    for number, top in enumerate((65535, 900) * 8):  # every second one is dark
        (tmp_path / "ab"[number % 2]).mkdir(exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, top, (8, 8)).astype(np.uint16)
        Image.fromarray(pixels).save(tmp_path / "ab"[number % 2] / f"{number}.png")
    problem = of_folder(tmp_path, size=(8, 8), mode="L", source=None)
    assert problem.reading["white"] == 65535 and 0 < problem.plain[problem.y == 1].max() < 0.02
    alone, _ = read_pictures([tmp_path / "b" / "1.png"], (8, 8), "L", problem.reading["white"])
    assert 0 < alone.max() < 0.02
    with pytest.raises(ValueError, match="say it, such as white=65535"):
        read_pictures([tmp_path / "a" / "0.png", tmp_path / "b" / "1.png"], (1, 1), "L", 4095)


def test_pages_that_are_not_read_are_told(tmp_path):
    pages = [Image.new("L", (5, 5), colour) for colour in (10, 20, 30)]
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:])
    with pytest.warns(UserWarning, match="one picture has several pages .*stack.tif, 3.; the first is read, the others are"):
        read, _ = read_pictures([tmp_path / "stack.tif"], (5, 5), "L")
    np.testing.assert_allclose(read, 10 / 255)


def test_pictures_without_a_picture_s_name_and_outside_the_classes_are_told(folder):
    shutil.copy(folder / "blue/a.png", folder / "blue/e.dat")
    with pytest.warns(UserWarning, match=r"one file is a picture whose name does not say so \(.*e.dat\), .* passed over"):
        pictures_in(folder)
    (folder / "blue/e.dat").rename(folder / "e.png")
    with pytest.warns(UserWarning, match=r"one picture lies in no class \(e.png\), .* passed over"):
        pictures_in(folder)


def test_nearly_one_picture_in_two_classes_is_told(tmp_path):
    for number in range(12):
        noise(tmp_path, number, size=32)
    first = next(iter(sorted((tmp_path / "a").iterdir())))
    Image.open(first).resize((64, 64)).save(tmp_path / "b" / "again.png")
    with pytest.warns(UserWarning, match="b/again.png is labelled b, and a/.*, nearly the same picture, is labelled a"):
        of_folder(tmp_path, size=(32, 32), source=None)


def test_the_same_picture_saved_again_is_told(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(20):
        home = tmp_path / "ab"[number % 2]
        home.mkdir(exist_ok=True)
        coarse = Image.fromarray(rng.integers(0, 256, (9, 9, 3)).astype(np.uint8)).resize((48, 48), Image.BICUBIC)
        coarse.save(home / f"{number}.jpg", quality=90)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_folder(tmp_path, size=(24, 24), source=None)
    for file in sorted(tmp_path.rglob("*.jpg"))[:7]:
        Image.open(file).resize((40, 40)).save(file.with_name(f"again {file.name}"), quality=40)
    with pytest.warns(UserWarning, match="7 pictures are nearly copies of others"):
        of_folder(tmp_path, size=(24, 24), source=None)


@pytest.mark.parametrize("contrast", [1, 0.2])
def test_near_copies_are_found_by_what_is_left_when_they_are_small(contrast):
    rng, n = np.random.default_rng(0), 40
    coarse = np.kron(rng.random((n, 16, 16)), np.ones((3, 3)))[..., None]
    fine = np.kron(rng.choice([-0.2, 0.2], (4, 16, 16)), [[0, 1, 0], [-1, 0, 1], [0, -1, 0]])[..., None]
    pictures = np.concatenate([coarse, coarse[[5, 9, 9, 30]] + fine]) * contrast + (1 - contrast) / 2
    assert copies.near_pictures(pictures) == [(5, 40), (9, 41), (9, 42), (30, 43)]
    brighter = np.concatenate([pictures[:n], pictures[:1] * 0.7 + 0.3])
    assert not copies.near_pictures(brighter) or contrast < 1, "much brighter is another picture"
    flat = np.repeat(rng.random((30, 1, 1, 1)) * 0.001 + 0.5, 24, 1).repeat(24, 2)
    assert not copies.near_pictures(np.concatenate([flat, flat])), "of one colour"
    assert not copies.near_pictures(pictures[:, :15]), "too small"
    many = np.concatenate([np.kron(rng.random((1100, 16, 16)), np.ones((1, 1)))[..., None], coarse[:1, ::3, ::3]])
    many[1050] = many[3]
    assert copies.near_pictures(many) == [(3, 1050)]


def test_a_source_that_has_learned_the_pictures_to_be_tested_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(problems, "source_weights", lambda pair, source, seed: pair.fresh(seed))
    for number in range(20):
        noise(tmp_path, number, size=8)
    x = of_folder(tmp_path, size=(8, 8), mode="L", source=None).plain
    rng, pair = np.random.default_rng(5), Pair(64, (4,), (), (2, 2))
    source = Task.split("all", np.concatenate([rng.random((30, 64)), x[3:9] + 0.001]), np.arange(36) % 2, range(2), test=9)
    with pytest.raises(ValueError, match="6 of 20 rows .row 3 first. stand in the source too: it has learned"):
        of_folder(tmp_path, size=(8, 8), mode="L", source=(pair, source))
    source = Task.split("others", rng.random((30, 64)), np.arange(30) % 2, range(2), test=9)
    assert of_folder(tmp_path, size=(8, 8), mode="L", source=(pair, source)).source == "others"


@pytest.mark.parametrize(
    "spoil, change, message",
    [
        (lambda f: None, dict(path="nowhere"), "there is no folder nowhere"),
        (lambda f: (f / "empty").mkdir(), {}, "empty holds no picture; add some, or take that folder away"),
        (lambda f: [(f / "e").mkdir(), (f / "e/a.txt").write_text("e")], {}, "e holds no picture, but texts: .* of_texts"),
        (lambda f: (f / "blue/a.png").write_bytes(b"no"), {}, "a.png is no picture that can be read .* mend it, or take it"),
        (lambda f: (f / "blue/a.png").write_bytes((f / "white/a.png").read_bytes()[:40]), {}, "blue/a.png is no picture"),
        (lambda f: f, dict(path="blue"), "one class only, 'deep'"),
        (lambda f: f, dict(path="blue/deep"), "deep holds no folder; put the pictures of each class into a folder"),
        (lambda f: None, dict(path=["blue"]), "the path of a folder is wanted, .* not a list"),
        (lambda f: None, dict(source="resnet"), "source must be 'efficientnet', 'vgg16', .*not 'resnet'"),
        (lambda f: None, dict(groups=lambda path: None), "groups gives None for .*a.png; each picture belongs to a group"),
        (lambda f: Image.fromarray(np.full((4, 4), np.nan, np.float32)).save(f / "blue/n.tif"), {}, "n.tif: .* holds NaN"),
        (lambda f: None, dict(size=32), r"size must be \(height, width\) in pixels, such as \(32, 32\), not 32"),
        (lambda f: None, dict(size=(0, 3)), "size, .height, width., must be a whole number, 1 or more, not 0"),
        (lambda f: None, dict(mode="CMYK"), "mode must be 'RGB' or 'L'"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(folder, spoil, change, message, monkeypatch):
    spoil(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(ValueError, match=message):
        of_folder(**(dict(path=folder, size=(4, 4), source=None) | change))


@pytest.mark.skipif(not imagenet.EFFICIENTNET.installed, reason=imagenet.EFFICIENTNET.install)
@pytest.mark.parametrize(
    "what, told", [("size", "the size .*20 × 20 pixels of 'a', 30 × 30 pixels of 'b'"), ("kind", "the kind")]
)
def test_what_tells_the_class_before_one_looks_is_told(tmp_path, what, told):
    rng = np.random.default_rng(0)
    for number in range(24):
        side, kind = (20 + 10 * (number % 2), "png") if what == "size" else (20, ("png", "bmp")[number % 2])
        for home, ends in ((tmp_path / "told", (side, kind)), (tmp_path / "clean", (20 + 10 * (number % 3 > 1), "png"))):
            (home / "ab"[number % 2]).mkdir(parents=True, exist_ok=True)
            picture = rng.integers(0, 256, (ends[0], ends[0], 3)).astype(np.uint8)
            Image.fromarray(picture).save(home / "ab"[number % 2] / f"{number}.{ends[1]}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_folder(tmp_path / "clean", source=None, size=(8, 8))
    with pytest.warns(UserWarning, match=told):
        of_folder(tmp_path / "told", source=None, size=(8, 8))


def test_two_folders_of_one_name_but_for_its_capitals_are_no_two_classes(tmp_path):
    for number in range(24):
        noise(tmp_path, number, ("Disc", "disc", "ring"))
    with pytest.raises(
        ValueError, match="among the folders .* holds 'Disc' and 'disc', .* put their pictures into one folder"
    ):
        of_folder(tmp_path, source=None)


def test_efficientnet_reads_at_its_own_size_and_its_twin_too(tmp_path):
    folder = write_photographs(tmp_path / "photographs", places=2)
    some = {name: [folder / name] for name in ("cat", "coffee", "rocket")}
    for home in folder.iterdir():
        if home.name not in some:
            shutil.rmtree(home)
    problem = of_folder(folder, size=(16, 16))
    assert problem.x.shape == (24, 1280) and problem.plain.shape == (24, 16 * 16 * 3)
    assert problem.source == "EfficientNet-lite0, its features"
    picture = Image.open(problem.files[5]).convert("RGB").resize((224, 224), Image.BILINEAR)
    network = imagenet.efficientnet_lite0(top=False)
    wanted = network.predict(imagenet.efficientnet_lite0_input(np.array(picture)[None]), verbose=0).mean((1, 2))[0]
    np.testing.assert_allclose(problem.features[5], wanted, atol=0.02)  # bytes are rounded, our pictures are not
    one, other = problem.random_features(0), problem.random_features(1)
    assert one.shape == problem.features.shape and np.isfinite(one).all() and np.abs(one - other).max() > 0.1
    half = problem.few(12)
    assert half.files.tolist() == [folder / name for name in half.shown]
    ladder = Ladder(problem, seeds=2).climb(["kernel ridge", "random network + linear", "features + linear"])
    assert ladder.scores()["features + linear"].mean() > 0.7 and ladder.verdict().control == "random network + linear"
    save_model(problem, "features + linear", tmp_path / "model")
    model, files = open_model(tmp_path / "model"), problem.files.tolist()
    likely = model.probabilities(files)
    np.testing.assert_array_equal(likely.argmax(1), problem.y)
    with pytest.raises(ValueError, match="is a layer of VGG16"):
        of_folder(folder, cut="block1_pool")
