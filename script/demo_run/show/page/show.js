/** The show's page: two tablets in their rooms, and what goes on behind them. */

import { login } from "./login.js";
import { Strip } from "./strip.js";

const SCENE = "demo_show_scene";
const START = "demo_show_start";
const TYPE_MS = 45;
/** A tablet on a wall shows one view: kiosk mode hides the sidebar, this the header. */
const BARE =
  ".header { display: none !important } #view, hui-view-container { padding-top: 0 !important }";
const rooms = [...document.querySelectorAll(".room")];
const caption = document.querySelector("#caption");
const button = document.querySelector("#play");

/** Find the first element of a name, through every shadow root. */
function find(root, name) {
  for (const element of root.querySelectorAll("*")) {
    if (element.localName === name) return element;
    const inner = element.shadowRoot && find(element.shadowRoot, name);
    if (inner) return inner;
  }
  return null;
}

/** Wait until something is there. */
async function there(look) {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Open the tablet of a room: the dashboard's view without header and sidebar, as on a wall. */
async function open(room) {
  const { area } = room.dataset;
  const frame = room.querySelector("iframe");
  frame.src = `/demo-show/${area.replace("_", "-")}`;
  const page = () => frame.contentDocument;
  const home = await there(
    () =>
      page()?.querySelector("home-assistant")?.hass &&
      page().querySelector("home-assistant"),
  );
  const bare = () =>
    frame.contentWindow.dispatchEvent(
      new CustomEvent("hass-kiosk-mode", { detail: { enable: true } }),
    );
  bare();
  const root = await there(() => find(page(), "hui-root")?.shadowRoot);
  root.append(
    Object.assign(page().createElement("style"), { textContent: BARE }),
  );
  const card = await there(() => find(page(), "waifu-rt3d-card"));
  await there(() => card.stageState?.()?.ready);
  return { area, room, frame, home, card };
}

/** Type into the card as a person does, and send. */
async function type({ card, frame }, text) {
  const field = find(
    card.shadowRoot,
    "waifu-rt3d-composer",
  ).shadowRoot.querySelector("textarea");
  const { Event, KeyboardEvent } = frame.contentWindow;
  for (let end = 1; end <= text.length; end++) {
    field.value = text.slice(0, end);
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    await new Promise((resolve) => setTimeout(resolve, TYPE_MS));
  }
  const enter = {
    key: "Enter",
    bubbles: true,
    composed: true,
    cancelable: true,
  };
  field.dispatchEvent(new KeyboardEvent("keydown", enter));
}

/** Light a room as its lamp does. */
function light(tablets, { entity_id, new_state }) {
  const tablet = tablets.find(({ room }) => room.dataset.light === entity_id);
  tablet?.room.classList.toggle("lit", new_state?.state === "on");
}

/** Do what the show says. */
function take(tablets, { name, caption: said, progress, type: text, room }) {
  if (text) {
    void type(
      tablets.find(({ area }) => area === room),
      text,
    );
    return;
  }
  caption.textContent = said;
  document.body.classList.toggle("playing", name !== "over");
  document.body.dataset.scene = name;
  document.querySelector("#progress i").style.width = `${progress * 100}%`;
}

await login("demo", "demo-home");
const tablets = await Promise.all(rooms.map(open));
const { connection, states } = tablets[0].home.hass;
for (const { room } of tablets) {
  const entity_id = room.dataset.light;
  light(tablets, { entity_id, new_state: states[entity_id] });
}
const strip = new Strip(tablets);
// Each tablet's own connection: only the one that plays a reply is told where its sound is.
for (const { home } of tablets)
  await home.hass.connection.subscribeMessage(
    (envelope) => strip.take(envelope),
    {
      type: "waifu_rt3d/subscribe",
    },
  );
await connection.subscribeEvents(
  ({ data }) => light(tablets, data),
  "state_changed",
);
await connection.subscribeEvents(({ data }) => take(tablets, data), SCENE);

const start = () => {
  if (button.disabled || document.body.classList.contains("playing")) return;
  void connection.sendMessagePromise({ type: "fire_event", event_type: START });
};
button.addEventListener("click", start);
const key = (event) => {
  const typing = event.composedPath()[0]?.matches?.("textarea, input");
  if (
    event.key.toLowerCase() === "s" &&
    !typing &&
    !event.ctrlKey &&
    !event.metaKey
  )
    start();
};
addEventListener("keydown", key);
for (const { frame } of tablets)
  frame.contentWindow.addEventListener("keydown", key);
button.disabled = false;
caption.textContent = "Ninety seconds of an evening with Mira.";
document.body.dataset.scene = "ready";
