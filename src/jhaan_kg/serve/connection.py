"""Client connections with limits on time and memory, and with fair turns for requests.

The protocol class of uvicorn lacks these limits: it buffers all input, and waits for the head of a request without
a time limit. It also reads bodies that the application ignores, and lets one client use all processing time.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
import termios
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from time import monotonic
from typing import Any, ClassVar, Final
from weakref import WeakMethod

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol

from jhaan_kg.serve.clients import Connections, client_of
from jhaan_kg.serve.service import Service
from jhaan_kg.serve.turns import Turns

HEAD_SECONDS: Final = 10.0
"""The time limit in seconds for the head of a request."""

RATE_SECONDS: Final = 120
"""The minimum period, in seconds, for measuring the rate of a client.

It is the rate at which the client accepts its answer.

A client with a receive buffer of several megabytes announces free space only in steps of a sixteenth of the buffer.
A slow reader may therefore acknowledge nothing for over a minute.
"""

_LINGER_SECONDS: Final = 2
_MOST_UNREAD: Final = 1 << 14
"""The maximum number of unparsed bytes of a connection, and of bytes read at once."""

_SLICE: Final = 2048
"""The maximum number of bytes parsed in a turn.

It is small, because a slice may contain hundreds of chunks.
"""

_BODY_SLICE: Final = 1 << 14
"""The maximum number of bytes parsed in a turn, for a body of known length."""

_FRAMING: Final = 1 << 16
"""The maximum number of bytes that chunked encoding may add to the maximum size of a body."""

_MOST_UNSENT: Final = 1 << 14
"""The maximum number of bytes of answers that wait in the process.

They wait to be passed to the operating system.
"""

_ACKNOWLEDGED: Final = 120
"""The byte offset of the field for acknowledged bytes in tcp_info.

This is a structure of Linux (linux/tcp.h).
"""

_FORGET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER value that makes the system drop unsent data when a connection is closed."""

_NO_ROOM_TEXT: Final = b"The server has too many connections. Try again in a moment.\n"
_NO_ROOM: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 2\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_NO_ROOM_TEXT), _NO_ROOM_TEXT)
)
"""The response to a connection beyond the limit."""


class Connection(H11Protocol, asyncio.BufferedProtocol):
    """HTTP/1.1 over one connection.

    Attributes:
        service: the server's state.
        turns: the turns of all clients in the event loop.
        open_connections: all open connections.
    """

    service: ClassVar[Service]
    turns: ClassVar[Turns]
    open_connections: ClassVar[Connections]
    _buffer: ClassVar = memoryview(bytearray(_MOST_UNREAD))

    _head_timer: TimerHandle | None = None
    _is_closed = _is_chunked = _has_turn = _waits = _has_events = False
    _wire = _payload = 0
    _rate: tuple[float, int] | None = None
    _owner = ""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._unread = bytearray()
        self.flow = _Flow(transport, self._wait_for_turn)
        transport.set_write_buffer_limits(_MOST_UNSENT)
        self._owner = client_of(
            self.client[0] if self.client else None, None, self.service.limits.ipv6_prefix, behind_proxy=False
        )
        if self.open_connections.enter(self._owner, self):
            self._start_head_timer()
            return
        self.service.refusals.count("connections", self._owner)
        self._is_closed = True
        transport.write(_NO_ROOM)
        transport.close()

    @property
    def is_idle(self) -> bool:
        """Whether the connection has no request or answer in progress."""
        return (self.cycle is None or self.cycle.response_complete) and not self._unsent()

    def abort(self) -> None:
        """Close the connection at once, in favour of another client."""
        self.service.refusals.count("idle", self._owner)
        self._is_closed = True
        self.transport.abort()

    # --- reading -----------------------------------------------------------------------------------------------------

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio passes it by position
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._is_closed:
            return
        self._unset_keepalive_if_required()
        self._unread += self._buffer[:nbytes]
        if len(self._unread) >= _MOST_UNREAD:
            self.transport.pause_reading()
        self._wait_for_turn()

    def _wait_for_turn(self) -> None:
        if (self._unread or self._has_events) and not self._waits and not self.flow.read_paused:
            self._waits = True
            self.turns.add(self._owner, self._take_turn)

    def _take_turn(self) -> None:
        """Parse a slice of the received data, or the rest of the last slice.

        At most one request is started.
        """
        self._waits = False
        if self._is_closed or self.transport.is_closing():
            return
        self._has_turn = True
        if self._has_events:
            self._has_events = False
            self.handle_events()
        else:
            in_body = self.conn.their_state is h11.SEND_BODY
            size = _BODY_SLICE if in_body and not self._is_chunked else _SLICE
            data = bytes(self._unread[:size])
            del self._unread[:size]
            if len(self._unread) < _MOST_UNREAD:
                self.transport.resume_reading()
            if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
                self._start_head_timer()
            self.data_received(data)
            if in_body and self._is_chunked:
                self._check_framing(len(data))
        self._has_turn = False
        self._wait_for_turn()

    def handle_events(self) -> None:
        """Handle the parsed events if it is this connection's turn.

        Otherwise, handle them at its next turn.
        """
        if not self._has_turn:
            self._has_events = bool(self.conn.trailing_data[0])
            self._wait_for_turn()
            return
        before = self.cycle
        known = len(before.body) if before is not None else 0
        super().handle_events()
        if self.cycle is not before:
            self._cancel_head_timer()
            self._wire = self._payload = known = 0
            self._is_chunked = any(name == b"transfer-encoding" for name, _ in self.headers)
        if self.cycle is not None:
            self._payload += len(self.cycle.body) - known

    def _check_framing(self, size: int) -> None:
        """Reject a chunked body that is too long, or has tiny chunks, which take long to parse.

        Args:
            size: the number of bytes just parsed, including the chunked encoding.
        """
        self._wire += size
        is_tiny = self._wire > 2 * _SLICE and self._wire > 2 * self._payload
        if is_tiny or self._wire > self.service.limits.request + _FRAMING:
            self._is_closed = True
            self.send_400_response("The chunks of the body are too small. Send it with Content-Length.\n")

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_connections.leave(self._owner, self)
        self._cancel_head_timer()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waits:  # uvicorn started the timer for an idle connection, but the next request has arrived
            self._unset_keepalive_if_required()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            # The rest of the request body is ignored. Closing at once would lose data that the client has not read.
            self._is_closed = True
            self._unset_keepalive_if_required()
            self.transport.write_eof()
            self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self.service.refusals.count("malformed", self._owner)
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            super().send_400_response(msg)
            return
        # The body is malformed, but the request is already being answered: cancel the answer.
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle.response_started:
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._end_late)

    def _end_late(self) -> None:
        if self._waits:  # the request waits for its turn, so the client is not late
            self._start_head_timer()
            return
        if self._unread or self.conn.trailing_data[0]:  # otherwise the client only kept the connection open
            self.service.refusals.count("late", self._owner)
        self.transport.abort()

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    # --- sending -----------------------------------------------------------------------------------------------------

    def check_rate(self) -> None:
        """Close the connection if the client has acknowledged waiting data below the minimum rate."""
        now, unsent = monotonic(), self._unsent()
        if not unsent:
            self._rate = None
            return
        acknowledged = self._acknowledged()
        if self._rate is None:
            self._rate = now, acknowledged
            return
        since, before = self._rate
        if now - since < RATE_SECONDS:
            return
        self._rate = now, acknowledged
        if acknowledged - before < self.service.limits.min_rate * (now - since):
            self.service.refusals.count("slow", self._owner)
            if self.cycle is not None and not self.cycle.response_complete:
                log: dict[str, Any] = self.cycle.scope["jhaan"]  # type: ignore[typeddict-item]
                log["broken off"] = f"the client took less than {self.service.limits.min_rate} bytes a second"
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _FORGET)
            self.transport.abort()

    def _unsent(self) -> int:
        """Return the number of bytes that are not sent or not acknowledged."""
        queued = fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4))
        return self.transport.get_write_buffer_size() + int.from_bytes(queued, sys.byteorder)

    def _acknowledged(self) -> int:
        info = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED + 8)
        return int.from_bytes(info[_ACKNOWLEDGED:], sys.byteorder)

    @property
    def _socket(self) -> socket.socket:
        opened: socket.socket = self.transport.get_extra_info("socket")
        return opened


class _Flow(FlowControl):
    """Flow control that pauses parsing but not reading, so that disconnects are noticed.

    Reading continues up to `_MOST_UNREAD` bytes.
    """

    def __init__(self, transport: Transport, resume: Callable[[], None]) -> None:
        super().__init__(transport)
        self._resume = WeakMethod(resume)  # a strong reference would keep closed connections in memory

    def pause_reading(self) -> None:
        self.read_paused = True

    def resume_reading(self) -> None:
        if self.read_paused:
            self.read_paused = False
            if resume := self._resume():
                resume()
