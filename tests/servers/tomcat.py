"""Apache Tomcat with one web application, for stores that are web applications."""

from __future__ import annotations

import re
from pathlib import Path

from programs import program, tool

SETTINGS = Path(__file__).with_name("tomcat.xml").read_text()


def application(word: str) -> tuple[Path, str]:
    """Return an unpacked web application of `make tools` and its version; `word` is its name in JHAAN_REQUIRE."""
    (war,) = tool(word, word).glob("*.war")
    (version,) = re.findall(r"-(\d[\d.]+)$", war.stem)
    return war.with_suffix(""), version


def command(
    folder: Path, application: Path, path: str, port: int, *options: str, heap: str = "512m"
) -> list[str | Path]:
    """Write the settings of Tomcat into a folder, and return the command that runs it.

    Args:
        folder: the folder of settings, logs and temporary files.
        application: the unpacked web application.
        path: its path on the server, with a slash before it.
        port: the port, on the loopback interface.
        options: more options of Java.
        heap: the maximum heap size of Java, such as `512m`.
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
