// Lesson pages that run: cells can be edited, run and checked in the reader's browser, by Pyodide in a Web Worker.
// Without a runtime, or from file://, or without JavaScript, the page stays what it is: a page to read.
"use strict";

(() => {
  const lesson = document.querySelector(".lesson");
  markPassed();
  if (!lesson) return;
  const stem = lesson.dataset.lesson;
  const runtime = JSON.parse(lesson.dataset.runtime || "null");
  const cells = [...document.querySelectorAll(".cell")].map(makeCell);
  const live = lesson.querySelector(".run-status");

  if (location.protocol === "file:") {
    live.textContent = "To run code in this page it must come from a server. In its folder, run: python -m http.server";
    return;
  }
  if (!runtime) return;
  lesson.querySelector("[download]").addEventListener("click", download);

  // ---------------------------------------------------------------- cells

  function makeCell(box) {
    const code = box.querySelector("code");
    const cell = {
      id: box.dataset.cell,
      tags: box.dataset.tags.split(" "),
      box,
      code,
      outputs: box.querySelector(".outputs"),
      original: code.textContent.replace(/\n$/, ""),
      ran: false,
    };
    cell.kept = `course:${document.querySelector(".lesson").dataset.lesson}:${cell.id}`;
    if (read(cell.kept) !== null) show(cell, read(cell.kept));
    return cell;
  }

  function source(cell) {
    return cell.editor ? cell.editor.value : cell.code.textContent.replace(/\n$/, "");
  }

  function show(cell, text) {
    cell.code.textContent = text;
    if (window.hljs) {
      cell.code.removeAttribute("data-highlighted");
      window.hljs.highlightBlock(cell.code);
    }
  }

  function dress(cell) {
    const pre = cell.code.closest("pre");
    pre.tabIndex = 0;
    pre.setAttribute("aria-label", `Code of cell ${cell.id}: press Enter to edit`);
    pre.addEventListener("click", (event) => {
      if (!event.target.closest("button") && !String(getSelection())) edit(cell);
    });
    pre.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === pre) {
        event.preventDefault();
        event.shiftKey ? run([cell]) : edit(cell);
      }
    });
    const bar = cell.box.querySelector(".bar");
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // the editor stays, and with it the button's place
    cell.runButton = button("Run", () => run([cell]), `Run cell ${cell.id}`);
    cell.aboveButton = button("Run all above", () => run(cells.slice(0, cells.indexOf(cell))), `Run all cells above ${cell.id}`);
    cell.resetButton = button("Reset", () => reset(cell), `Reset cell ${cell.id}`);
    cell.stopButton = button("Stop", stop, "Stop what runs");
    cell.stopButton.hidden = true;
    cell.clock = Object.assign(document.createElement("span"), { className: "clock", textContent: forewarned(cell) });
    bar.append(cell.runButton, cell.aboveButton, cell.resetButton, cell.stopButton, cell.clock);
    cell.resetButton.hidden = source(cell) === cell.original;
    cell.outputs.setAttribute("role", "region");
    cell.outputs.setAttribute("aria-live", "polite");
    cell.outputs.setAttribute("aria-label", `Output of cell ${cell.id}`);
  }

  // What takes long says so beforehand, and counts the seconds while it runs.
  function forewarned(cell) {
    const seconds = Number(cell.box.dataset.seconds);
    if (!seconds) return "";
    const about = seconds < 50 ? `${10 * Math.ceil(seconds / 10)} seconds` : seconds < 90 ? "a minute" : `${Math.round(seconds / 60)} minutes`;
    return `Takes about ${about} in the browser.`;
  }

  function tick() {
    if (!current) return;
    const seconds = Math.round((performance.now() - current.began) / 1000);
    if (seconds > 2) current.clock.textContent = `${seconds} s. ${forewarned(current)}`;
  }

  function edit(cell) {
    if (cell.editor) return cell.editor.focus();
    const editor = document.createElement("textarea");
    Object.assign(editor, { value: source(cell), spellcheck: false, className: "editor" });
    editor.setAttribute("aria-label", `Code of cell ${cell.id}. Shift+Enter runs it, Escape leaves it.`);
    editor.setAttribute("autocapitalize", "off");
    const grow = () => {
      editor.style.height = "auto";
      editor.style.height = `${editor.scrollHeight + 2}px`;
    };
    editor.addEventListener("input", () => {
      grow();
      keep(cell, editor.value);
    });
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) {
        event.preventDefault();
        run([cell]);
      } else if (event.key === "Escape") {
        leave(cell);
        cell.code.closest("pre").focus();
      } else if (event.key === "Enter") {
        event.preventDefault();
        const line = editor.value.slice(0, editor.selectionStart).split("\n").pop();
        const indent = line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
        editor.setRangeText(`\n${indent}`, editor.selectionStart, editor.selectionEnd, "end");
        editor.dispatchEvent(new Event("input"));
      }
    });
    editor.addEventListener("blur", () => leave(cell));
    cell.editor = editor;
    const pre = cell.code.closest("pre");
    pre.hidden = true;
    pre.after(editor);
    grow();
    editor.focus();
  }

  function leave(cell) {
    if (!cell.editor) return;
    const { editor } = cell;
    cell.editor = null;
    show(cell, editor.value);
    editor.remove();
    cell.code.closest("pre").hidden = false;
  }

  function keep(cell, text) {
    cell.resetButton.hidden = text === cell.original;
    text === cell.original ? forget(cell.kept) : write(cell.kept, text);
  }

  function reset(cell) {
    leave(cell);
    show(cell, cell.original);
    keep(cell, cell.original);
  }

  cells.forEach(dress);

  // ---------------------------------------------------------------- running

  let worker = null;
  let ready = null;
  let queue = [];
  let current = null;
  setInterval(tick, 1000);

  function run(wanted) {
    const setup = cells.find((cell) => cell.tags.includes("setup"));
    const needsSetup = setup && !setup.ran && wanted.some((cell) => !cell.tags.includes("exercise"));
    const list = needsSetup && !wanted.includes(setup) ? [setup, ...wanted] : wanted;
    for (const cell of list) {
      if (cell === current || queue.includes(cell)) continue;
      cell.box.classList.add("waiting");
      queue.push(cell);
    }
    start();
    next();
  }

  function start() {
    if (worker) return;
    const code = `(${workerMain})(${JSON.stringify({ ...runtime, base: new URL(runtime.base, document.baseURI).href, site: new URL(runtime.site, document.baseURI).href })})`;
    worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    ready = false;
    worker.onmessage = ({ data }) => receive(typeof data === "string" ? JSON.parse(data) : data);
    worker.onerror = (event) => fail(event.message || "the runtime could not be loaded");
  }

  function next() {
    if (!ready || current || !queue.length) return;
    current = queue.shift();
    current.box.classList.replace("waiting", "running");
    current.stopButton.hidden = false;
    current.outputs.replaceChildren();
    current.live = new Map();
    current.ran = true;
    current.began = performance.now();
    worker.postMessage({ run: current.id, source: source(current) });
  }

  function receive(message) {
    if (message.progress) live.textContent = message.progress;
    if (message.broken) return fail(message.broken);
    if (message.ready) {
      ready = true;
      live.textContent = "Python is running in your browser.";
      return next();
    }
    const cell = cells.find(({ id }) => id === message.cell);
    if (!cell) return;
    if (message.done) return finished(cell, message);
    const last = cell.outputs.lastElementChild;
    for (const kind of ["printed", "warned"]) {
      if (message[kind] === undefined) continue;
      if (last && last.className === (kind === "warned" ? "printed warned" : "printed")) {
        if (last.textContent.length < 100000) last.textContent += message[kind];
      } else {
        const pre = document.createElement("pre");
        pre.className = kind === "warned" ? "printed warned" : "printed";
        pre.textContent = message[kind];
        place(cell, message.display, pre);
      }
    }
    if (message.html !== undefined) {
      const shown = document.createElement("div");
      shown.className = "shown";
      shown.innerHTML = message.html; // made by the course's own reports, which escape what a reader wrote
      place(cell, message.display, shown);
      if (message.passed) passed(message.passed);
    }
    if (message.png) {
      const image = new Image();
      image.className = "figure";
      image.alt = message.alt;
      if (message.width) image.width = message.width;
      image.src = `data:image/png;base64,${message.png}`;
      place(cell, message.display, image);
    }
    if (message.widget) place(cell, message.display, widget(message.widget));
  }

  function place(cell, display, element) {
    cell.live = cell.live || new Map();
    const old = display && cell.live.get(display);
    old ? old.replaceWith(element) : cell.outputs.append(element);
    if (display) cell.live.set(display, element);
  }

  function finished(cell, message) {
    cell.box.classList.remove("running");
    cell.stopButton.hidden = true;
    cell.clock.textContent = forewarned(cell);
    if (message.failed === "NameError") {
      const note = document.createElement("p");
      note.textContent = "A name from another cell is missing: Run all above defines them.";
      cell.outputs.append(note);
    }
    if (message.failed) queue.splice(0).forEach(({ box }) => box.classList.remove("waiting"));
    current = null;
    next();
  }

  function stop() {
    end();
    live.textContent = "Stopped. Python starts afresh with the next Run, so run the cells above again.";
  }

  function end() {
    if (worker) worker.terminate();
    worker = ready = null;
    if (current) current.outputs.append(Object.assign(document.createElement("p"), { textContent: "Stopped." }));
    for (const cell of cells) {
      cell.box.classList.remove("running", "waiting");
      cell.stopButton.hidden = true;
      cell.clock.textContent = forewarned(cell);
      cell.ran = false;
    }
    queue = [];
    current = null;
  }

  function fail(why) {
    end();
    live.textContent = `Python could not be started here (${why}). The page can still be read; the code runs in Jupyter.`;
  }

  // ---------------------------------------------------------------- widgets

  function widget(about) {
    if (about.kind === "box") {
      const box = document.createElement("div");
      box.append(...about.children.map(widget));
      return box;
    }
    const label = document.createElement("label");
    label.className = "widget";
    const name = document.createElement("span");
    name.textContent = about.label;
    const tell = (value) => worker && worker.postMessage({ widget: about.number, value });
    if (about.kind === "slider") {
      const input = Object.assign(document.createElement("input"), { type: "range" });
      Object.assign(input, { min: about.min, max: about.max, step: about.step });
      input.value = about.value;
      const shown = Object.assign(document.createElement("output"), { textContent: about.value });
      input.addEventListener("input", () => (shown.textContent = input.value));
      input.addEventListener("change", () => tell(Number(input.value)));
      label.append(name, input, shown);
    } else if (about.kind === "options") {
      const choice = document.createElement("select");
      about.options.forEach((text, i) => choice.append(new Option(text, i, false, i === about.value)));
      choice.addEventListener("change", () => tell(Number(choice.value)));
      label.append(name, choice);
    } else {
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: about.value });
      tick.addEventListener("change", () => tell(tick.checked));
      label.append(tick, name);
    }
    return label;
  }

  // ---------------------------------------------------------------- keeping

  // The page's own link leads to the lesson as it is written; with what the reader wrote in it, it is made here.
  async function download(event) {
    event.preventDefault();
    const answer = await fetch(`${stem}.ipynb`);
    const notebook = await answer.json();
    for (const cell of cells) {
      const stored = notebook.cells.find(({ id }) => id === cell.id);
      if (stored && source(cell) !== cell.original) Object.assign(stored, { source: source(cell), outputs: [] });
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/json" }));
    link.download = `${stem}.ipynb`;
    link.click();
  }

  function passed(name) {
    const names = new Set(JSON.parse(read("course:passed") || "[]"));
    write("course:passed", JSON.stringify([...names.add(name)]));
    markPassed();
  }

  function markPassed() {
    const names = JSON.parse(read("course:passed") || "[]");
    for (const link of document.querySelectorAll("#mdbook-sidebar a")) {
      const page = link.href.match(/exercises\/(\w+)\.html/);
      link.classList.toggle("passed", Boolean(page && names.includes(page[1])));
    }
  }

  function button(text, action, label) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className: "course-button" });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", action);
    return made;
  }

  // A browser may forbid storage; work is then lost with the page, and nothing else.
  function read(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }
  function write(key, value) {
    try { localStorage.setItem(key, value); } catch { /* see above */ }
  }
  function forget(key) {
    try { localStorage.removeItem(key); } catch { /* see above */ }
  }

  // ---------------------------------------------------------------- in the worker

  // Runs in the Web Worker, from its own text: it can use nothing of the page.
  function workerMain(runtime) {
    const say = (message) => self.postMessage(message);
    let python = null;
    let matplotlib = false;

    // Each file of a runtime from elsewhere is compared with the hash that came with this site before it runs.
    // Pyodide then asks for the core by its address, and gets what was compared; packages it compares itself.
    async function verified() {
      const compared = {};
      for (const [name, digest] of Object.entries(runtime.hashes)) {
        const found = await fetched(runtime.base + name, digest);
        const kind = name.endsWith(".wasm") ? "application/wasm" : found.type; // Pyodide starts with no other
        compared[runtime.base + name] = URL.createObjectURL(found.slice(0, found.size, kind));
      }
      const place = (address) => compared[address] || String(address).replace(runtime.base, runtime.packages);
      const [plainFetch, plainImport] = [self.fetch, self.importScripts];
      self.fetch = (address, ...more) => plainFetch.call(self, place(address), ...more);
      self.importScripts = (...addresses) => plainImport.call(self, ...addresses.map(place));
    }

    async function fetched(address, digest) {
      try {
        const answer = await fetch(address, { integrity: digest });
        if (answer.ok) return await answer.blob();
      } catch {
        // Out of reach or not what it should be: a browser doesn't say which, so ask for it once more.
        const there = await fetch(address, { method: "HEAD" }).then((answer) => answer.ok, () => false);
        if (there) throw new Error(`${address} is not the file that this site was made with, and was not run`);
      }
      throw new Error(`${new URL(address).host} can't be reached, from which this site takes Python`);
    }

    async function boot() {
      say({ progress: "Starting Python (the first time takes some seconds) ..." });
      if (runtime.hashes) await verified();
      self.importScripts(`${runtime.base}pyodide.js`);
      python = await self.loadPyodide({ indexURL: runtime.base, lockFileURL: `${runtime.base}pyodide-lock.json` });
      say({ progress: "Loading NumPy and the course ..." });
      await python.loadPackage(["numpy", `${runtime.site}${runtime.wheel}`], { messageCallback: () => {} });
      const browser = python.pyimport("course.site.browser");
      browser.start(say);
      return browser;
    }

    async function prepared(source) {
      if (matplotlib || !/matplotlib|plots/.test(source)) return;
      say({ progress: "Loading matplotlib ..." });
      await python.loadPackage("matplotlib", { messageCallback: () => {} });
      python.runPython("import matplotlib; matplotlib.use('agg')");
      matplotlib = true;
      say({ progress: "Python is running in your browser." });
    }

    const booted = boot().then(
      (browser) => (say({ ready: true }), browser),
      (error) => say({ broken: String(error.message || error) }),
    );
    self.onmessage = async ({ data }) => {
      const browser = await booted;
      if (!browser) return;
      if (data.run !== undefined) {
        try {
          await prepared(data.source);
          browser.run(data.run, data.source);
        } catch (error) {
          say({ cell: data.run, warned: String(error.message || error) });
          say({ cell: data.run, done: true, failed: "Error" });
        }
      } else {
        browser.moved(data.widget, data.value);
      }
    };
  }
})();

// Search for Chinese terms: mdBook's index has none, so they are looked up in the glossary page.
(() => {
  const bar = document.getElementById("mdbook-searchbar");
  const results = document.getElementById("mdbook-searchresults");
  const outer = document.getElementById("mdbook-searchresults-outer");
  const header = document.getElementById("mdbook-searchresults-header");
  if (!bar || !results) return;
  let rows = null;

  async function terms() {
    if (rows) return rows;
    const answer = await fetch(`${path_to_root}glossary.html`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    rows = [...page.querySelectorAll("main tbody tr")].map((row) => ({
      english: row.cells[0].textContent,
      chinese: row.cells[1].textContent,
      link: row.cells[2].querySelector("a").getAttribute("href"),
      lesson: row.cells[2].textContent,
    }));
    return rows;
  }

  bar.addEventListener("input", async () => {
    const wanted = bar.value.trim();
    if (!/[\u4e00-\u9fff]/.test(wanted)) return;
    const found = (await terms()).filter(({ chinese }) => chinese.includes(wanted) || wanted.includes(chinese));
    // After mdBook has shown what it found, which is nothing.
    setTimeout(() => {
      header.textContent = `${found.length} term${found.length === 1 ? "" : "s"} for '${wanted}':`;
      outer.classList.remove("hidden");
      results.replaceChildren(
        ...found.map(({ english, chinese, link, lesson }) => {
          const item = document.createElement("li");
          const anchor = Object.assign(document.createElement("a"), { href: path_to_root + link });
          anchor.textContent = `${english} (${chinese}), in ${lesson}`;
          item.append(anchor);
          return item;
        }),
      );
    }, 600);
  });
})();
