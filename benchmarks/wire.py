"""A visitor without a browser: speaks HTTP and Streamlit's websocket as the page would, to this machine only.

It knows widgets by the end of their ids (the key that the program gave them), never how they look.
"""

import asyncio
import ssl
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.DownloadButton_pb2 import DownloadButton
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

# A run that has not ended by then has failed.
PATIENCE = 60.0
XSRF = "_streamlit_xsrf"


class WireError(Exception):
    """The server did not answer as a page needs; the text says what it answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Page:
    """What is on the screen of a visitor: elements by their place, widgets by their key."""

    elements: dict[tuple[int, ...], Element] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    polled: str = ""  # the part of the page that asks for a run of its own from time to time

    def of(self, kind: str) -> list[Any]:
        """Return the elements of one kind (`metric`, `exception`, `multiselect` …), in the order of their places."""
        return [
            getattr(element, kind) for _, element in sorted(self.elements.items()) if element.WhichOneof("type") == kind
        ]

    def has(self, key: str) -> bool:
        """Tell whether a widget with this key is on the page."""
        try:
            return bool(self.widget(key))
        except WireError:
            return False

    def widget(self, key: str) -> Any:
        """Return the widget with this key; WireError when it is not on the page."""
        for element in self.elements.values():
            widget = getattr(element, element.WhichOneof("type") or "", None)
            if str(getattr(widget, "id", "")).endswith(f"-{key}"):
                return widget
        raise WireError(f"no widget {key!r} on the page")


def only_this_machine(address: str) -> str:
    """Return the address; ValueError when it is not one of this machine: nobody else is to be tried so."""
    host = urlsplit(address).hostname or ""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise ValueError(f"{address}: only this machine (127.0.0.1) may be tried, not {host or 'nobody'}")
    return address.rstrip("/")


class Visitor:
    """One session: `async with Visitor(address) as visitor: await visitor.run()`."""

    def __init__(self, address: str, query: str = "", trust: str | None = None) -> None:
        """Take the address of a server on this machine, the query of the view, the certificate to trust with https."""
        self.address = only_this_machine(address)
        self.query = query
        self.cookies: dict[str, str] = {}
        self.page = Page()
        self.session_id = ""
        self._ssl = ssl.create_default_context(cafile=trust) if self.address.startswith("https") else None
        self._socket: ClientConnection | None = None
        self._states: dict[str, WidgetState] = {}
        self._page_name, self._page_hash = "", ""

    async def __aenter__(self) -> Self:
        await self.load()
        await self.connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self.leave()

    async def load(self) -> Answer:
        """Fetch the page and what its script asks before it connects; keep the cookies as a browser does."""
        answer = await self.get(f"/?{self.query}" if self.query else "/", accept="text/html")
        if answer.status != 200 or b"<html" not in answer.body:
            raise WireError(f"the page answered {answer.status}")
        health = await self.get("/_stcore/health")
        if health.status != 200:
            raise WireError(f"/_stcore/health answered {health.status}")
        return answer

    async def connect(self) -> None:
        """Open the websocket; WireError when the server does not take it."""
        address = f"ws{self.address.removeprefix('http')}/_stcore/stream"
        # Tokens as the page sends them: protocol, XSRF token, the session to come back to.
        protocols: list[Any] = ["streamlit", self.cookies.get(XSRF) or "-"]
        if self.session_id:
            protocols.append(self.session_id)
        try:
            self._socket = await connect(
                address,
                subprotocols=protocols,
                origin=self.address,  # type: ignore[arg-type]
                additional_headers={"Cookie": self._cookie_header()},
                max_size=None,
                compression=None,
                open_timeout=PATIENCE,
                ssl=self._ssl,
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            raise WireError(f"the websocket was not taken: {error}") from error
        response = self._socket.response
        self._keep_cookies(response.headers.get_all("Set-Cookie") if response else [])

    async def leave(self) -> None:
        """Close the websocket."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def run(self, page: str | None = None, part: str = "", **changes: WidgetState) -> float:
        """Ask for a run, on another page or with changed widgets (by their key in the program).

        Return the seconds until it has ended. `part` asks for that part of the page alone (see Page.polled).
        """
        self._page_name = self._page_name if page is None else page
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if part:
            message.rerun_script.fragment_id, message.rerun_script.page_script_hash = part, self._page_hash
        else:
            message.rerun_script.page_name = self._page_name
        for key, state in changes.items():
            state.id = self.page.widget(key).id
            self._states[state.id] = state
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        started = time.perf_counter()
        await self._send(message)
        await self._until_finished()
        for state_id in [state.id for state in self._states.values() if state.trigger_value]:
            del self._states[state_id]  # a button was pressed once
        if faults := self.page.of("exception"):
            raise WireError(f"an error stands on the page: {faults[0].message[:200]}")
        return time.perf_counter() - started

    async def upload(self, key: str, name: str, body: bytes) -> Answer:
        """Send a file as the page does, tell the script if a file_uploader is named; return the answer to the PUT."""
        urls = await self._ask_file_url(name)
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "X-Xsrftoken": self.cookies.get(XSRF, ""),
        }
        answer = await self.get(
            urls.upload_url, method="PUT", body=head.encode() + body + f"\r\n--{boundary}--\r\n".encode(), **headers
        )
        if key and answer.status < 300:
            state = WidgetState()
            info = UploadedFileInfo(name=name, size=len(body), file_id=urls.file_id, file_urls=urls)
            state.file_uploader_state_value.uploaded_file_info.append(info)
            await self.run(**{key: state})
        return answer

    async def get(
        self, path: str, method: str = "GET", body: bytes | None = None, accept: str = "*/*", **headers: str
    ) -> Answer:
        """Ask one thing over HTTP with the cookies of this visitor; WireError when nobody answers."""
        sent = {"Accept": accept, "Cookie": self._cookie_header(), "Origin": self.address, **headers}
        asked = urllib.request.Request(self.address + path, data=body, method=method, headers=sent)
        try:
            answer = await asyncio.to_thread(_ask, asked, self._ssl)
        except (OSError, TimeoutError) as error:
            raise WireError(f"{method} {path}: {error}") from error
        self._keep_cookies([value for name, value in answer[1] if name.lower() == "set-cookie"])
        return Answer(answer[0], {name.lower(): value for name, value in answer[1]}, answer[2])

    async def download(self, button: DownloadButton) -> Answer:
        """Fetch the file of a download button; one that is made when it is pressed is made now."""
        if button.url:
            return await self.get(button.url)
        message = BackMsg()
        message.backend_operation_request.request_id = uuid.uuid4().hex
        message.backend_operation_request.session_id = self.session_id
        message.backend_operation_request.deferred_file.file_id = button.deferred_file_id
        await self._send(message)
        made = (await self._receive_only("backend_operation_response")).backend_operation_response
        if made.error_msg:
            raise WireError(f"the file was not made: {made.error_msg}")
        return await self.get(made.deferred_file.url)

    async def _ask_file_url(self, name: str) -> FileURLs:
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session_id
        await self._send(message)
        return (await self._receive_only("file_urls_response")).file_urls_response.file_urls[0]

    async def _receive_only(self, kind: str) -> ForwardMsg:
        while True:
            message = await self._receive()
            if message.WhichOneof("type") == kind:
                return message

    async def _until_finished(self) -> None:
        """Take messages until the run has ended; elements that it did not draw again leave the page."""
        drawn = set()
        while True:
            message = await self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string  # the script wrote the address
            elif kind == "page_config_changed" and message.page_config_changed.title:
                self.page.titles.append(message.page_config_changed.title)
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                place = tuple(message.metadata.delta_path)
                self.page.elements[place] = message.delta.new_element
                self._take_over(message.delta.new_element)
                drawn.add(place)
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "auto_rerun":
                self.page.polled = message.auto_rerun.fragment_id
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                    return
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise WireError(f"the run ended with {message.script_finished}")
                self.page.elements = {place: self.page.elements[place] for place in drawn}
                return

    def _take_over(self, element: Element) -> None:
        """Keep the value that the script gave to a widget, as the page does."""
        widget = getattr(element, element.WhichOneof("type") or "", None)
        if getattr(widget, "set_value", False) and hasattr(widget, "raw_values"):
            state = choice(*widget.raw_values)
            state.id = widget.id
            self._states[state.id] = state

    async def _send(self, message: BackMsg) -> None:
        if self._socket is None:
            raise WireError("not connected")
        try:
            await self._socket.send(message.SerializeToString())
        except WebSocketException as error:
            raise WireError(f"the websocket closed: {error}") from error

    async def _receive(self) -> ForwardMsg:
        if self._socket is None:
            raise WireError("not connected")
        try:
            data = await asyncio.wait_for(self._socket.recv(), PATIENCE)
        except TimeoutError as error:
            raise WireError(f"no answer in {PATIENCE:.0f} s") from error
        except WebSocketException as error:
            raise WireError(f"the websocket closed: {error}") from error
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        return message

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()


def choice(*labels: str) -> WidgetState:
    """Return the state of a multiselect in which these labels are chosen."""
    state = WidgetState()
    state.string_array_value.data.extend(labels)
    return state


def pressed() -> WidgetState:
    """Return the state of a button that was just pressed."""
    return WidgetState(trigger_value=True)


class _AsItComes(urllib.request.HTTPRedirectHandler):
    """An answer is an answer: a redirect is looked at, not followed."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _ask(asked: urllib.request.Request, trust: ssl.SSLContext | None) -> tuple[int, list[tuple[str, str]], bytes]:
    handlers: list[Any] = [_AsItComes(), urllib.request.ProxyHandler({})]
    if trust is not None:
        handlers.append(urllib.request.HTTPSHandler(context=trust))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(asked, timeout=PATIENCE) as answer:
            return answer.status, answer.getheaders(), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, list(error.headers.items()), error.read()
