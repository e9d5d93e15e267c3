// @vitest-environment happy-dom
import fc from "fast-check";
import { expect, test } from "vitest";
import { imagesIn } from "../../src/ui/tool-images.js";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

test("pictures are found anywhere in what a tool gave", () => {
  const result = { image: PIXEL, more: [{ url: "/api/camera_proxy/camera.door?token=1" }] };
  expect(imagesIn(result)).toEqual([PIXEL, "/api/camera_proxy/camera.door?token=1"]);
});

test.each([
  "https://example.com/cat.png",
  "//example.com/cat.png",
  "/\\example.com/cat.png",
  "/api/camera_proxy/../../auth/token",
  "/api/config",
  "data:text/html;base64,PGI+",
  "data:image/svg+xml;base64,PHN2Zz4=",
  "javascript:alert(1)",
])("%s is shown as no picture", (address) => {
  expect(imagesIn({ address })).toEqual([]);
});

test("whatever a tool gives, nothing is fetched from elsewhere", () => {
  const start = fc.constantFrom(
    "/api/image/",
    "/local/",
    "//",
    "/\\",
    "http://",
    "data:image/png;base64,",
  );
  const address = fc.tuple(start, fc.string()).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(address), (result) => {
      for (const url of imagesIn(result))
        if (!url.startsWith("data:image/"))
          expect(new URL(url, location.origin).origin).toBe(location.origin);
    }),
  );
});

test("a result that is nested without end is given up", () => {
  const loop: Record<string, unknown> = { PIXEL };
  loop["again"] = loop;
  expect(imagesIn(loop).length).toBeLessThan(8);
});
