"""What a language model writes, in the wire formats of OpenAI (two), Ollama and Anthropic."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
import json
from typing import Any


@dataclass(slots=True, kw_only=True)
class Reply:
    """What the model says next."""

    words: tuple[str, ...] = ("Hello", " there", ".")
    thinking: tuple[str, ...] = ()
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    status: int = 200
    error: str = ""
    """Message of an error answer, or of an error inside the stream when the status is 200."""
    empty: bool = False
    finish: str = "stop"
    odd: bool = False
    """Repeat names and reasons and leave out indexes, as some servers do."""
    hang: bool = False
    """Say the words and never end."""
    delay_s: float = 0.0
    pause_s: float = 0.0
    """Between the parts of the answer, as a model at home writes them; 0 is at once."""


def _data(value: object) -> bytes:
    """Return an event of server-sent events."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def openai_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as chunks of chat completions."""

    def chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _data({**head, "choices": [choice]})

    head = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": model}
    if reply.error:
        yield _data({"error": {"message": reply.error, "type": "server_error", "code": 500}})
        return
    if not reply.empty:
        yield from (chunk({"reasoning_content": text}) for text in reply.thinking)
        yield from (chunk({"content": text}) for text in reply.words)
        for index, (name, arguments) in enumerate(reply.calls):
            yield from map(chunk, _openai_call(index, name, arguments, odd=reply.odd))
        if reply.hang:
            return
        reason = "tool_calls" if reply.calls else reply.finish
        yield from (chunk({}, reason) for _ in range(2 if reply.odd else 1))
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
        yield _data({**head, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def responses_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as events of responses."""
    numbers = count()

    def event(kind: str, **more: object) -> bytes:
        value = {"type": kind, "sequence_number": next(numbers), **more}
        return f"event: {kind}\n".encode() + _data(value)

    head = {"id": "r", "object": "response", "created_at": 0, "model": model, "tools": []}
    head |= {"parallel_tool_calls": True, "tool_choice": "auto", "output": []}
    if reply.error:
        yield event("error", message=reply.error, code="server_error", param=None)
        return
    yield event("response.created", response={**head, "status": "in_progress"})
    if reply.empty:
        return
    text = "".join(reply.words)
    item = {"id": "m", "type": "message", "role": "assistant", "status": "in_progress"}
    yield event("response.output_item.added", output_index=0, item={**item, "content": []})
    where = {"item_id": "m", "output_index": 0, "content_index": 0}
    for word in reply.words:
        yield event("response.output_text.delta", **where, delta=word, logprobs=[])
    if reply.hang:
        return
    content = [{"type": "output_text", "text": text, "annotations": []}]
    done = [{**item, "status": "completed", "content": content}]
    done += [
        {
            "type": "function_call",
            "id": f"f{index}",
            "call_id": f"call{index}",
            "name": name,
            "arguments": json.dumps(arguments),
            "status": "completed",
        }
        for index, (name, arguments) in enumerate(reply.calls)
    ]
    for index, one in enumerate(done):
        yield event("response.output_item.done", output_index=index, item=one)
    usage: dict[str, Any] = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
    usage |= {"input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0}}
    usage |= {"output_tokens_details": {"reasoning_tokens": 0}}
    yield event(
        "response.completed",
        response={**head, "status": "completed", "output": done, "usage": usage},
    )


def _openai_call(
    index: int, name: str, arguments: dict[str, Any], *, odd: bool
) -> Iterator[dict[str, Any]]:
    """Yield the parts of a call."""
    text = json.dumps(arguments)
    where = {} if odd else {"index": index}
    first = {**where, "id": f"call{index}", "type": "function"}
    yield {"tool_calls": [{**first, "function": {"name": name, "arguments": text[:3]}}]}
    again = {"name": name} if odd else {}
    yield {"tool_calls": [{**where, "function": {**again, "arguments": text[3:]}}]}


def ollama_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as lines of JSON."""

    def line(message: dict[str, Any], **more: object) -> bytes:
        value = {"model": model, "message": {"role": "assistant", **message}, "done": False}
        return f"{json.dumps(value | more, ensure_ascii=False)}\n".encode()

    if reply.error:
        yield json.dumps({"error": reply.error}).encode() + b"\n"
        return
    if reply.empty:
        return
    yield from (line({"content": "", "thinking": text}) for text in reply.thinking)
    yield from (line({"content": text}) for text in reply.words)
    for name, arguments in reply.calls:
        call = {"function": {"name": name, "arguments": arguments}}
        yield line({"content": "", "tool_calls": [call]})
    if not reply.hang:
        yield line(
            {"content": ""},
            done=True,
            done_reason=reply.finish,
            prompt_eval_count=9,
            eval_count=3,
        )


def anthropic_frames(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield the answer as events of messages."""

    def event(kind: str, **more: object) -> bytes:
        return f"event: {kind}\n".encode() + _data({"type": kind, **more})

    if reply.error:
        yield event("error", error={"type": "overloaded_error", "message": reply.error})
        return
    usage = {"input_tokens": 9, "output_tokens": 0}
    message = {"id": "m", "type": "message", "role": "assistant", "model": model, "content": []}
    yield event("message_start", message={**message, "stop_reason": None, "usage": usage})
    if reply.empty:
        return
    for index, (block, deltas) in enumerate(_anthropic_blocks(reply)):
        yield event("content_block_start", index=index, content_block=block)
        for delta in deltas:
            yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)
    if reply.hang:
        return
    ends = {"stop": "end_turn", "length": "max_tokens"}
    reason = "tool_use" if reply.calls else ends[reply.finish]
    yield event("message_delta", delta={"stop_reason": reason}, usage={"output_tokens": 3})
    yield event("message_stop")


def _anthropic_blocks(reply: Reply) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the blocks of an answer with their parts."""
    if reply.thinking:
        deltas = [{"type": "thinking_delta", "thinking": text} for text in reply.thinking]
        deltas.append({"type": "signature_delta", "signature": "signed"})
        yield {"type": "thinking", "thinking": "", "signature": ""}, deltas
    if reply.words:
        texts = [{"type": "text_delta", "text": text} for text in reply.words]
        yield {"type": "text", "text": ""}, texts
    for index, (name, arguments) in enumerate(reply.calls):
        text = json.dumps(arguments)
        parts = [{"type": "input_json_delta", "partial_json": p} for p in (text[:3], text[3:])]
        yield {"type": "tool_use", "id": f"call{index}", "name": name, "input": {}}, parts
