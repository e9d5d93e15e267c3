"""Somebody else who lives in the demo home, without the rights of an administrator."""

import aiohttp

from .house_client import House, Login

NAME = "Robin"
USERNAME = "robin"
PASSWORD = "robin-home"


async def add_person(house: House) -> Login:
    """Make a user who is no administrator, and log in as them."""
    user = (await house.call("config/auth/create", name=NAME, group_ids=["system-users"]))["user"]
    await house.call(
        "config/auth_provider/homeassistant/create",
        user_id=user["id"],
        username=USERNAME,
        password=PASSWORD,
    )
    return await log_in(house.login.url, USERNAME, PASSWORD)


async def log_in(url: str, username: str, password: str) -> Login:
    """Log in as the login page does."""
    client = {"client_id": f"{url}/"}
    handler = {"handler": ["homeassistant", None], "redirect_uri": f"{url}/"}
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        async with session.post(f"{url}/auth/login_flow", json={**client, **handler}) as response:
            flow = (await response.json())["flow_id"]
        answer = {**client, "username": username, "password": password}
        async with session.post(f"{url}/auth/login_flow/{flow}", json=answer) as response:
            code = (await response.json())["result"]
        grant = {"grant_type": "authorization_code", "code": code, **client}
        async with session.post(f"{url}/auth/token", data=grant) as response:
            tokens = await response.json()
    return Login(url=url, tokens={**tokens, "clientId": f"{url}/", "hassUrl": url})
