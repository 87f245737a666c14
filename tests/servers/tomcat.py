"""Apache Tomcat with one web application, for stores that are web applications."""

from __future__ import annotations

import re
from pathlib import Path

from programs import program, tool

SETTINGS = Path(__file__).with_name("tomcat.xml").read_text()


def application(word: str) -> tuple[Path, str]:
    """Find an unpacked web application of `make tools`, which JHAAN_REQUIRE calls by a word, and its version."""
    (war,) = tool(word, word).glob("*.war")
    (version,) = re.findall(r"-(\d[\d.]+)$", war.stem)
    return war.with_suffix(""), version


def command(
    folder: Path, application: Path, path: str, port: int, *options: str, heap: str = "512m"
) -> list[str | Path]:
    """Write the settings of a Tomcat into a folder, and give the command that runs it.

    Args:
        folder: Where settings, logs and temporary files go.
        application: The unpacked web application.
        path: Where it is served, with a slash before it.
        port: The port, on the loopback.
        options: What else Java is told.
        heap: How much memory it may use, as Java is told.
    """
    (tomcat,) = tool("tomcat", "tomcat").glob("*/apache-tomcat-*")
    for name in ("conf", "temp", "logs", "webapps", "work"):
        (folder / name).mkdir(exist_ok=True)
    settings = SETTINGS.format(port=port, path=path, application=application)
    (folder / "conf" / "server.xml").write_text(settings)
    (folder / "conf" / "web.xml").write_bytes((tomcat / "conf" / "web.xml").read_bytes())
    return [
        *(program("java", "java"), f"-Xmx{heap}", f"-Dcatalina.home={tomcat}", f"-Dcatalina.base={folder}"),
        f"-Djava.io.tmpdir={folder / 'temp'}",
        *options,
        *("-cp", f"{tomcat}/bin/bootstrap.jar:{tomcat}/bin/tomcat-juli.jar"),
        *("org.apache.catalina.startup.Bootstrap", "start"),
    ]
