"use strict";
// Shows /openapi.json. Everything is put in as text, never as markup.

const METHODS = ["get", "post"];

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== "") element.append(child);
  }
  return element;
}

// Words in backticks become code, blank lines paragraphs.
function prose(text) {
  return String(text || "").split(/\n{2,}/).filter(Boolean).map((paragraph) =>
    make("p", {}, paragraph.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part))));
}

function line(text) {
  return String(text || "").split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

function resolve(api, schema) {
  let found = schema || {};
  for (let depth = 0; found.$ref && depth < 20; depth += 1) {
    found = found.$ref.replace(/^#\//, "").split("/").reduce((node, step) => (node || {})[step], api) || {};
  }
  return found;
}

function refName(schema) {
  return schema && schema.$ref ? schema.$ref.split("/").pop() : "";
}

function typeOf(api, schema) {
  const found = resolve(api, schema);
  const several = found.oneOf || found.anyOf;
  if (several) return several.map((one) => typeOf(api, one)).filter((one, index, all) => all.indexOf(one) === index).join(" or ");
  const name = refName(schema);
  if (found.enum) return [found.type].flat().includes("null") ? "name or null" : "name";
  const types = [found.type || (found.properties || found.allOf ? "object" : "any")].flat();
  return types.map((type) => {
    if (type === "array") return "list of " + typeOf(api, found.items || {});
    if (type === "object" && name) return name;
    return found.format && type !== "null" ? type + " (" + found.format + ")" : type;
  }).join(" or ");
}

function limits(found) {
  const parts = [];
  if (found.minimum !== undefined) parts.push("from " + found.minimum);
  if (found.maximum !== undefined) parts.push("to " + found.maximum);
  if (found.minLength !== undefined) parts.push("at least " + found.minLength + " characters");
  if (found.maxLength !== undefined) parts.push("at most " + found.maxLength + " characters");
  if (found.pattern) parts.push("matches " + found.pattern);
  return parts.join(", ");
}

function named(found) {
  const names = (found.enum || []).filter((name) => name !== null);
  return names.length ? make("span", { class: "words" }, names.map((name, index) => [index ? " · " : "", make("code", {}, String(name))])) : null;
}

// The parts of a schema that have members of their own.
function objects(api, schema) {
  const found = resolve(api, schema);
  if (found.allOf || found.oneOf || found.anyOf) return [found.allOf, found.oneOf, found.anyOf].flat().filter(Boolean).flatMap((one) => objects(api, one)).concat(found.properties ? [found] : []);
  if (found.items) return objects(api, found.items);
  return found.properties ? [found] : [];
}

function fields(api, schema, seen) {
  const list = make("ul", { class: "fields" });
  for (const found of objects(api, schema)) {
    for (const [name, member] of Object.entries(found.properties)) {
      const inner = resolve(api, member);
      const required = (found.required || []).includes(name);
      const item = make("li", {},
        make("code", {}, name), " ", make("span", { class: "type" }, typeOf(api, member)),
        required ? make("span", { class: "required" }, " required") : null,
        make("span", { class: "words" }, line(member.description || inner.description)),
        named(inner),
        limits(inner) ? make("span", { class: "type" }, limits(inner)) : null);
      const names = [member, ...(inner.oneOf || inner.anyOf || []), inner.items || {}].map(refName).filter(Boolean);
      if (!names.some((one) => seen.includes(one)) && objects(api, member).length) item.append(fields(api, member, seen.concat(names)));
      list.append(item);
    }
  }
  return list.children.length ? list : "";
}

function json(value) {
  return make("pre", { tabindex: "0" }, make("code", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}

function examples(api, media) {
  if (media.example !== undefined) return [["", media.example]];
  return Object.entries(media.examples || {}).map(([name, one]) => [resolve(api, one).summary || name, resolve(api, one).value]);
}

function contents(api, content) {
  return Object.entries(content || {}).map(([type, media]) => [
    make("p", {}, make("code", {}, type), " ", make("span", { class: "type" }, media.schema ? typeOf(api, media.schema) : "")),
    media.schema ? fields(api, media.schema, [refName(media.schema)]) : "",
    examples(api, media).map(([name, value]) => [name ? make("p", { class: "type" }, name) : "", json(value)]),
  ]);
}

function parameters(api, list) {
  if (!list.length) return "";
  return [make("h4", {}, "Parameters"), make("div", { class: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {}, ["Name", "Where", "Type", "Meaning"].map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, list.map((one) => {
      const found = resolve(api, one.schema);
      return make("tr", {},
        make("td", {}, make("code", {}, one.name), one.required ? make("span", { class: "required" }, " required") : null),
        make("td", {}, one.in),
        make("td", {}, typeOf(api, one.schema), limits(found) ? make("span", { class: "words type" }, limits(found)) : null),
        make("td", {}, line(one.description), named(found)));
    }))))];
}

function quoted(text) {
  return "'" + text.replaceAll("'", "'\\''") + "'";
}

function curl(api, method, path, operation) {
  const media = ((operation.requestBody || {}).content) || {};
  const type = Object.keys(media)[0];
  const sample = (one) => {
    const given = [one.example, ...((one.schema || {}).examples || [])].find((value) => value !== undefined);
    return given !== undefined ? String(given) : one.name === "id" ? "01990000-0000-7000-8000-000000000001" : ((one.schema || {}).enum || ["…"])[0];
  };
  const url = (operation.parameters || []).filter((one) => one.in === "path")
    .reduce((text, one) => text.replace("{" + one.name + "}", encodeURIComponent(sample(one))), path);
  const parts = ["curl " + (method === "get" ? "" : "-X " + method.toUpperCase() + " ") + quoted(location.origin + url)];
  if (!operation.security || operation.security.length) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (type) {
    parts.push("-H " + quoted("Content-Type: " + type));
    const [first] = examples(api, media[type]);
    if (type === "text/csv") parts.push("--data-binary @file.csv");
    else if (first) parts.push("-d " + quoted(JSON.stringify(first[1])));
  }
  if ((operation.parameters || []).some((one) => one.name === "Idempotency-Key")) parts.push('-H "Idempotency-Key: $(uuidgen)"');
  return parts.join(" \\\n  ");
}

function tryIt(api, method, path, operation) {
  const text = curl(api, method, path, operation);
  const button = make("button", { type: "button" }, "Copy");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }, () => { button.textContent = "Select the line to copy it"; });
  });
  return [make("h4", {}, "Try it"), json(text), button];
}

function responses(api, all) {
  return [make("h4", {}, "Answers"), Object.entries(all || {}).map(([status, answer]) => {
    const found = resolve(api, answer);
    const headers = Object.entries(found.headers || {});
    return make("details", { class: "response" + (Number(status) >= 400 ? " bad" : "") },
      make("summary", {}, make("span", { class: "status" }, status), " ", line(found.description)),
      headers.length ? make("ul", { class: "fields" }, headers.map(([name, one]) =>
        make("li", {}, make("code", {}, name), " ", make("span", { class: "type" }, line(one.description))))) : null,
      contents(api, found.content));
  })];
}

function operationView(api, method, path, operation) {
  const body = operation.requestBody;
  const inside = make("div", {});
  const view = make("details", { class: "operation", id: operation.operationId },
    make("summary", {},
      make("span", { class: "method " + method }, method.toUpperCase()), make("span", { class: "path" }, path),
      make("span", { class: "about" }, line(operation.summary))),
    inside);
  let filled = false;
  view.addEventListener("toggle", () => {
    if (filled || !view.open) return;
    filled = true;
    inside.append(...[
      prose(operation.description),
      parameters(api, (operation.parameters || []).map((one) => resolve(api, one))),
      body ? [make("h4", {}, "Body"), contents(api, body.content)] : [],
      tryIt(api, method, path, operation),
      responses(api, operation.responses),
    ].flat(Infinity).filter((child) => child !== "" && child !== null));
  });
  return view;
}

function show(api) {
  const tags = new Map((api.tags || []).map((tag) => [tag.name, { about: tag.description, operations: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((one) => item[one])) {
      const tag = (item[method].tags || ["other"])[0];
      if (!tags.has(tag)) tags.set(tag, { about: "", operations: [] });
      tags.get(tag).operations.push([method, path, item[method]]);
    }
  }
  document.getElementById("title").textContent = api.info.title + " " + api.info.version;
  document.getElementById("description").replaceChildren(...line(api.info.description));
  const [index, content] = [document.getElementById("index"), document.getElementById("content")];
  for (const [name, { about, operations }] of tags) {
    if (!operations.length) continue;
    index.append(make("section", {}, make("h2", {}, make("a", { href: "#tag-" + name }, name)), make("ul", {}, operations.map(([method, path, operation]) =>
      make("li", { "data-text": [method, path, operation.summary, operation.description, about].join(" ").toLowerCase() },
        make("a", { href: "#" + operation.operationId }, make("span", { class: "method " + method }, method.toUpperCase()), path.replace("/v1/", "")))))));
    content.append(make("section", { class: "tag", id: "tag-" + name }, make("h2", {}, name), prose(about),
      operations.map(([method, path, operation]) => operationView(api, method, path, operation))));
  }
  document.getElementById("notice").hidden = true;
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

document.getElementById("filter").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of document.querySelectorAll("#index li")) item.hidden = !words.every((word) => item.dataset.text.includes(word));
  for (const section of document.querySelectorAll("#index section")) section.hidden = !section.querySelector("li:not([hidden])");
});
window.addEventListener("hashchange", openTarget);
fetch("/openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((api) => { show(api); openTarget(); })
  .catch((error) => { document.getElementById("notice").textContent = "The description could not be loaded (" + error.message + "). It is at /openapi.json."; });
