#!/usr/bin/python3
"""A window of WebKitGTK for WebDriver, which grants the microphone: its own MiniBrowser asks with a bar that nobody can press."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402 - the versions must be chosen first


def main() -> None:
    """Show one window for as long as the session lasts."""
    context = WebKit2.WebContext.new_ephemeral()
    context.set_automation_allowed(True)
    context.connect("automation-started", lambda _context, session: begin(context, session))
    Gtk.main()


def begin(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    """Give the session its name and, when it wants one, its window."""
    info = WebKit2.ApplicationInfo()
    info.set_name("waifu-rt3d-webkit")
    session.set_application_info(info)
    session.connect("create-web-view", lambda _session: window(context))


def window(context: WebKit2.WebContext) -> WebKit2.WebView:
    """Open a window with a page in it."""
    settings = WebKit2.Settings()
    settings.set_enable_media_stream(True)
    settings.set_enable_webgl(True)
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
    view.connect("permission-request", lambda _view, request: request.allow() or True)
    view.connect("close", lambda _view: Gtk.main_quit())
    frame = Gtk.Window(default_width=1000, default_height=800)
    frame.add(view)
    frame.show_all()
    return view


main()
