/** Log in to the demo home as its pages do: the demo prints name and password anyway. */

async function post(path, body) {
  const json = !(body instanceof URLSearchParams);
  const response = await fetch(path, {
    method: "POST",
    body: json ? JSON.stringify(body) : body,
    ...(json ? { headers: { "content-type": "application/json" } } : {}),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** Keep the login where Home Assistant's own pages look for it. */
export async function login(username, password) {
  const hassUrl = location.origin;
  const client_id = `${hassUrl}/`;
  const begun = {
    client_id,
    handler: ["homeassistant", null],
    redirect_uri: client_id,
  };
  const { flow_id } = await post("/auth/login_flow", begun);
  const { result } = await post(`/auth/login_flow/${flow_id}`, {
    client_id,
    username,
    password,
  });
  const grant = { grant_type: "authorization_code", code: result, client_id };
  const tokens = await post("/auth/token", new URLSearchParams(grant));
  const expires = Date.now() + tokens.expires_in * 1000;
  localStorage.setItem(
    "hassTokens",
    JSON.stringify({ ...tokens, hassUrl, clientId: client_id, expires }),
  );
  localStorage.setItem("selectedLanguage", '"en"');
  localStorage.setItem(
    "selectedTheme",
    JSON.stringify({ theme: "default", dark: true }),
  );
}
