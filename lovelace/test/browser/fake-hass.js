/** A connection to Home Assistant that plays what a test tells it, in the page under test. */

export class FakeConnection {
  connected = true;
  sent = [];
  replies = {};
  refuse = {};
  avatar_url = "/waifu_rt3d/avatars/companion.vrm";
  /** Sound that the card has sent: bytes of each binary message. */
  sound = [];
  socket = { send: (message) => this.sound.push([...message]) };
  _turns = 0;
  _callback = null;
  _listeners = { ready: new Set(), disconnected: new Set() };
  _seq = 0;

  addEventListener(name, listener) {
    this._listeners[name]?.add(listener);
  }

  removeEventListener(name, listener) {
    this._listeners[name]?.delete(listener);
  }

  async subscribeMessage(callback, message) {
    this.sent.push(message);
    const refusal = this.refuse[message.type];
    if (refusal) throw refusal;
    this._callback = callback;
    return async () => {
      this._callback = null;
    };
  }

  async sendMessagePromise(message) {
    this.sent.push(message);
    const refusal = this.refuse[message.type];
    if (refusal) throw refusal;
    switch (message.type) {
      case "waifu_rt3d/characters":
        return [
          {
            id: "default",
            name: "Mira",
            avatar_url: this.avatar_url,
            conversation_entity: "conversation.mira",
            pipeline: null,
          },
        ];
      case "waifu_rt3d/turn/listen":
        return { turn_id: `spoken-${++this._turns}`, session_id: "session-1", handler_id: 5 };
      case "waifu_rt3d/turn/start":
        return { turn_id: "turn-1", session_id: "session-1" };
      case "waifu_rt3d/clock":
        return { epoch_ms: performance.timeOrigin + performance.now() };
      default:
        return {};
    }
  }

  /** Send an envelope to the card. */
  emit(kind, data, turn_id = "turn-1") {
    this.raw({ v: 1, seq: ++this._seq, turn_id, kind, data });
  }

  raw(envelope) {
    this._seq = Math.max(this._seq, envelope.seq);
    this._callback?.(envelope);
  }

  /** Say where a turn is. */
  turn(state, more = {}, turn_id = "turn-1") {
    const fixed = { character: "default", session_id: "session-1", person: null, origin: "card" };
    this.emit("turn", { state, ...fixed, ...more }, turn_id);
  }

  /** Break the line and mend it. */
  drop() {
    this.connected = false;
    this._callback = null;
    for (const listener of this._listeners.disconnected) listener(this);
  }

  mend() {
    this.connected = true;
    for (const listener of this._listeners.ready) listener(this);
  }
}

/** Put a card or the panel into the page. */
export function place(config, { tag = "waifu-rt3d-card", width, height, connection } = {}) {
  const element = document.createElement(tag);
  const line = connection ?? (window.connection ??= new FakeConnection());
  element.setConfig?.(config);
  element.hass = { connection: line, language: document.documentElement.lang };
  const frame = document.createElement("div");
  if (width) frame.style.width = width;
  if (height) frame.style.height = height;
  frame.append(element);
  document.body.append(frame);
  return element;
}

window.FakeConnection = FakeConnection;
window.place = place;
window.pageReady = true;
