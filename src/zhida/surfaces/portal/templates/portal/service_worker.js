{% load static %}/* Answers where there is no network. Nothing personal is kept unless a page asks for it with `keep`. */
"use strict";
const SHELL = "shell:{% static 'look/look.css' %}:{% static 'look/look.js' %}", KEPT = "kept";
const FILES = ["{% url 'portal:offline' %}", "{% static 'look/look.css' %}", "{% static 'look/look.js' %}", "{% static 'look/mark.svg' %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) if (name !== SHELL && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

self.addEventListener("message", (event) => {
  const { act, path } = event.data;
  const answer = async () => {
    const cache = await caches.open(KEPT);
    if (act === "keep") await cache.add(new Request(path, { credentials: "same-origin" }));
    if (act === "drop") await caches.delete(KEPT);
    event.ports[0].postMessage(act !== "drop" && Boolean(await cache.match(path)));
  };
  event.waitUntil(answer());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await (await caches.open(KEPT)).match(path)) || caches.match(FILES[0])));
  } else if (FILES.includes(path)) {
    event.respondWith(fetch(request).catch(() => caches.match(path)));
  }
});
