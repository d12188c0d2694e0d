"""The ground under a map comes from where the environment says, or from nowhere."""

from gridgov.tiles import tile_layers


def test_without_a_word_no_tiles() -> None:
    assert tile_layers({}) == tile_layers({"GRIDGOV_TILES": "", "GRIDGOV_TIANDITU_KEY": ""}) == []


def test_a_server_of_the_offices_own() -> None:
    url = "https://tiles.example.org/{z}/{x}/{y}.png"
    assert tile_layers({"GRIDGOV_TILES": url, "GRIDGOV_TILES_ATTRIBUTION": "©"}) == [("", url, {"attribution": "©"})]


def test_tianditu_by_its_key() -> None:
    (_, ground, options), (_, names, more) = tile_layers(
        {"GRIDGOV_TIANDITU_KEY": "k1", "GRIDGOV_TIANDITU_ATTRIBUTION": "审图号"}
    )
    assert ground == (
        "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
        "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=k1"
    )
    assert names == ground.replace("vec", "cva")
    assert (options["attribution"], more["attribution"], options["subdomains"]) == ("审图号", "", "01234567")
    assert options["referrerPolicy"] == "origin"
