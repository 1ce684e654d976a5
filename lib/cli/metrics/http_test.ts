import { assertEquals, assertMatch } from "@std/assert";
import { formatResponse, negotiate, parseRequest, textResponse } from "./http.ts";

Deno.test("parseRequest() reads what clients send", () => {
  const cases: [head: string, method: string, path: string, accept?: string][] = [
    ["GET /metrics HTTP/1.1\r\nHost: a:9861\r\nAccept: */*", "GET", "/metrics", "*/*"],
    ["HEAD / HTTP/1.0", "HEAD", "/", undefined],
    ["GET /metrics?name[]=x HTTP/1.1\nhost:[fd00::1]:9861", "GET", "/metrics", undefined],
    ["GET http://proxied:80 HTTP/1.1\r\nHost: a", "GET", "/", undefined],
    ["GET http://proxied/healthz HTTP/1.1\r\nHost:", "GET", "/healthz", undefined],
    ["POST /a HTTP/1.1\r\nHost: a\r\nAccept: a\r\naccept: b", "POST", "/a", "a, b"],
  ];
  for (const [head, method, path, accept] of cases) {
    assertEquals(parseRequest(head), { method, path, accept }, head);
  }
});

Deno.test("parseRequest() refuses what is no request", () => {
  const cases = [
    "",
    "GET / HTTP/1.1",
    "GET / HTTP/2.0\r\nHost: a",
    "get / HTTP/1.1\r\nHost: a",
    "GET /a b HTTP/1.1\r\nHost: a",
    "GET / HTTP/1.1\r\nHost: [",
    "GET / HTTP/1.1\r\nHost: a b",
    "GET / HTTP/1.1\r\nHost: a/b",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: a",
    "GET / HTTP/1.1\r\nHost: a\r\nnonsense",
    "GET / HTTP/1.1\r\nHost: a\r\n folded: b",
    "GET / HTTP/1.1\r\nHost : a",
  ];
  for (const head of cases) assertEquals(parseRequest(head), undefined, head);
});

Deno.test("formatResponse() tells the length of what follows, also where nothing does", () => {
  const response = textResponse(405, "no\n", { allow: "GET" });
  const [head, body] = formatResponse(response, "POST");
  const text = new TextDecoder().decode(head);
  assertMatch(text, /^HTTP\/1\.1 405 Method Not Allowed\r\n/);
  for (const line of ["allow: GET", "content-length: 3", "connection: close"]) {
    assertEquals(text.includes(`\r\n${line}\r\n`), true, line);
  }
  assertEquals(new TextDecoder().decode(body), "no\n");
  assertEquals(formatResponse(response, "HEAD").length, 1);
});

Deno.test("negotiate() chooses what weighs most", () => {
  const types = ["text/plain", "application/open"] as const;
  const cases: [accept: string | undefined, chosen: typeof types[number]][] = [
    [undefined, "text/plain"],
    ["*/*", "text/plain"],
    ["image/png", "text/plain"],
    ["application/open", "application/open"],
    ["application/open;version=1.0.0;q=0.5,text/plain;q=0.4,*/*;q=0.1", "application/open"],
    ["application/open;q=0.4, text/plain;version=0.0.4;q=0.5", "text/plain"],
    ["application/open;q=0.5,*/*;q=0.6", "text/plain"],
    ["Application/*, text/*;q=0.9", "application/open"],
    ["application/open;q=0", "text/plain"],
    ["application/open;q=nonsense", "text/plain"],
  ];
  for (const [accept, chosen] of cases) assertEquals(negotiate(accept, types), chosen, accept);
});
