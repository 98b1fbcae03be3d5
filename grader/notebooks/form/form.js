// The form of a quiz: plain fieldsets, every change sent to the kernel, texts typeset by JupyterLab's own renderer.

const PATIENCE = 5000; // milliseconds until a change that the kernel has not confirmed is told of
const TYPING = 300; // milliseconds of rest after which what is being typed is saved

function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

const filled = (template, ...values) => values.reduce((text, value) => text.replace("{}", () => value), template);

// -- texts ---------------------------------------------------------------------------------------------------------------------

const FORMULA = /\$\$([^$]+)\$\$|\$([^$]+)\$/g;

class Texts {
  constructor(model) {
    this.rendermime = model.widget_manager?.rendermime;
    this.waiting = [];
  }

  // An element with a text; phrases lose the paragraph around them, so that they may stand in labels and legends.
  put(element, text) {
    element.textContent = text;
    this.waiting.push([element, text]);
    return element;
  }

  async typeset() {
    const ready = this.waiting.splice(0);
    await Promise.all(ready.map(([element, text]) => this.render(element, text).catch(() => this.simple(element, text))));
    for (const [element, text] of ready) {
      if (text.includes("$")) await this.mathematics(element, text);
    }
  }

  async render(element, text) {
    if (!this.rendermime?.createRenderer) return this.simple(element, text);
    const renderer = this.rendermime.createRenderer("text/markdown");
    try {
      await renderer.renderModel(this.rendermime.createModel({ data: { "text/markdown": text } }));
      const nodes = [...renderer.node.children].flatMap((block, place) => {
        if (block.tagName !== "P") return [block];
        return place === 0 ? [...block.childNodes] : [make("span", { class: "gq-paragraph" }, ...block.childNodes)];
      });
      element.replaceChildren(...(nodes.length ? nodes : [text]));
    } finally {
      renderer.dispose();
    }
  }

  simple(element, text) {
    const parts = text.split(/(`[^`]+`)/).map(part =>
      part.length > 2 && part.startsWith("`") && part.endsWith("`") ? make("code", { text: part.slice(1, -1) }) : part
    );
    element.replaceChildren(...parts);
  }

  async mathematics(element, text) {
    const typesetter = this.rendermime?.latexTypesetter;
    if (!typesetter) return;
    await typesetter.typeset(element);
    // MathJax draws with signs that nobody can read aloud; the formula as it was written can be.
    const formulas = [...text.replace(/`[^`]*`/g, "").matchAll(FORMULA)].map(found => (found[1] ?? found[2]).trim());
    const drawn = [...element.querySelectorAll("mjx-container")];
    if (drawn.length !== formulas.length) return;
    drawn.forEach((container, place) => {
      container.setAttribute("role", "img");
      container.setAttribute("aria-label", formulas[place]);
      container.removeAttribute("tabindex");
    });
  }
}

// -- one question --------------------------------------------------------------------------------------------------------------

let forms = 0;

class Question {
  constructor(form, view, number) {
    this.form = form;
    this.view = view;
    this.words = form.words;
    this.name = `gq-${form.number}-${number}`;
    this.controls = [];
    this.text = part => form.texts.put(make("span", { class: "gq-text" }), part);
    const { words } = this;
    const points = filled(words.worth, form.figure(view.points));
    this.heading = make("span", { class: "gq-number", text: `${filled(words.question, number, form.total)} · ${points}` });
    const legend = make("legend", { id: `${this.name}-legend` }, this.heading, this.text(view.text));
    this.feedback = make("div", { class: "gq-feedback", id: `${this.name}-feedback`, hidden: true });
    this.clearing = make("button", {
      type: "button",
      class: "gq-quiet",
      text: words.clear,
      "aria-label": `${words.clear}: ${filled(words.question, number, form.total)}`,
      onclick: () => this.clear(),
    });
    const rule = make("p", { class: "gq-soft", id: `${this.name}-rule`, text: view.rule });
    const foot = make("p", { class: "gq-soft gq-foot" }, make("code", { text: view.id }), this.clearing);
    this.element = make("fieldset", { class: "gq-question", "aria-describedby": `${this.name}-rule`, "data-question": view.id });
    // A legend may not hold blocks, so code and picture stand behind it.
    this.element.append(legend, ...this.extras(), rule, this.body(), foot, this.feedback);
    this.show(form.model.get("answers")[view.id]);
  }

  extras() {
    const { code, image } = this.view;
    const found = [];
    const label = this.words.code;
    if (code) found.push(make("pre", { class: "gq-code", tabindex: 0, role: "group", "aria-label": label }, make("code", { text: code })));
    if (image) found.push(make("img", { src: image.url, alt: image.alt, class: "gq-image" }));
    return found;
  }

  body() {
    const made = { single: "ticks", true_false: "ticks", multiple: "ticks", ordering: "order", matching: "pairs" }[this.view.form];
    return this[made ?? "field"]();
  }

  answered(answer) {
    this.answer = answer;
    this.clearing.hidden = answer === null || this.form.closed;
    this.form.send(this.view.id, answer);
  }

  clear() {
    this.show(null);
    this.answered(null);
    (this.controls.find(control => !control.disabled) ?? this.element).focus();
  }

  // The form as a given answer has it.
  show(answer) {
    this.answer = answer ?? null;
    this.clearing.hidden = this.answer === null || this.form.closed;
    this.fill(this.answer);
  }

  ticks() {
    const many = this.view.form === "multiple";
    const boxes = this.view.choices.map(({ key, text }) => {
      const input = make("input", { type: many ? "checkbox" : "radio", name: this.name, value: key });
      input.addEventListener("change", () => {
        const ticked = boxes.filter(box => box.checked).map(box => box.value);
        this.answered(ticked.length ? ticked.join(" ") : null);
      });
      input.label = make("label", {}, input, this.letter(key), this.text(text));
      return input;
    });
    this.controls = boxes;
    this.fill = answer => {
      const keys = this.keys(answer);
      for (const box of boxes) box.checked = keys.includes(box.value);
    };
    return make("div", { class: "gq-choices" }, ...boxes.map(box => box.label));
  }

  // True and false are their own words; the others are lettered, as plain Python needs them.
  letter(key) {
    return this.view.form === "true_false" ? null : make("span", { class: "gq-letter", text: `${key})` });
  }

  keys(answer) {
    if (Array.isArray(answer)) return answer.map(part => String(part).toLowerCase());
    if (typeof answer === "boolean") return [String(answer)];
    const known = this.view.choices.map(choice => choice.key);
    const words = typeof answer === "string" ? answer.toLowerCase().split(/[\s,;]+/).filter(Boolean) : [];
    return words.every(word => known.includes(word)) ? words : words.flatMap(word => [...word]);
  }

  field() {
    const id = `${this.name}-field`;
    const numeric = this.view.form === "numeric";
    const input = make("input", {
      type: "text", id, autocomplete: "off", spellcheck: "false", "aria-describedby": `${this.name}-rule`,
      inputmode: numeric ? "text" : false, class: numeric ? "gq-short" : "gq-long",
    });
    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      this.typing = false;
      const text = input.value.trim() ? input.value : null;
      if (text !== this.answer) this.answered(text);
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      this.typing = true;
      timer = setTimeout(save, TYPING);
    });
    input.addEventListener("change", save);
    this.controls = [input];
    this.fill = answer => {
      const text = answer === null ? "" : Array.isArray(answer) ? answer.join(", ") : String(answer);
      if (input.value.trim() !== text.trim()) input.value = text;
    };
    const unit = this.view.unit ? this.text(this.view.unit) : null;
    const label = make("label", { for: id, class: "gq-soft", text: this.words.answer });
    return make("div", { class: "gq-field" }, label, input, unit);
  }

  order() {
    const { words } = this;
    const list = make("ol", { class: "gq-order", "aria-labelledby": `${this.name}-legend` });
    const keep = make("button", { type: "button", text: words.keep_order, onclick: () => this.ordered(list) });
    const move = (item, by) => {
      const items = [...list.children];
      const to = items.indexOf(item) + by;
      if (to < 0 || to >= items.length) return;
      list.insertBefore(item, by < 0 ? items[to] : items[to].nextSibling);
      this.ordered(list);
      item.buttons[by < 0 ? 0 : 1].focus();
      this.form.say(filled(words.moved, item.said(), to + 1, items.length));
    };
    const items = this.view.choices.map(({ key, text }) => {
      const name = this.text(text);
      const item = make("li", { "data-key": key });
      item.said = () => name.querySelector("[aria-label]") ? text.replace(/[$`]/g, "") : name.textContent;
      const button = (sign, word, by) => make("button", {
        type: "button", "aria-label": `${word}: ${text.replace(/[$`]/g, "")}`, title: word, text: sign,
        onclick: () => move(item, by),
      });
      item.buttons = [button("↑", words.up, -1), button("↓", words.down, 1)];
      item.append(...item.buttons, this.letter(key), name);
      return item;
    });
    list.append(...items);
    this.controls = [...items.flatMap(item => item.buttons), keep];
    this.unanswered = make("p", { class: "gq-soft gq-unordered" }, make("span", { text: words.no_order }), keep);
    this.fill = answer => {
      const keys = this.keys(answer);
      const whole = keys.length === items.length && items.every(item => keys.includes(item.dataset.key));
      const wanted = whole ? keys.map(key => items.find(item => item.dataset.key === key)) : items;
      // Moving what has the focus would lose it.
      if (wanted.some((item, place) => list.children[place] !== item)) list.append(...wanted);
      this.unanswered.hidden = whole || this.form.closed;
    };
    return make("div", {}, list, this.unanswered);
  }

  ordered(list) {
    this.unanswered.hidden = true;
    this.answered([...list.children].map(item => item.dataset.key).join(" "));
  }

  pairs() {
    const { choices, prompts } = this.view;
    const selects = prompts.map(({ key, text }) => {
      const id = `${this.name}-${key}`;
      const empty = make("option", { value: "", text: "–" });
      const select = make("select", { id }, empty, ...choices.map(choice => make("option", { value: choice.key, text: choice.key })));
      select.key = key;
      select.addEventListener("change", () => {
        const given = selects.filter(one => one.value).map(one => `${one.key}${one.value}`);
        this.answered(given.length ? given.join(" ") : null);
      });
      select.row = make("div", { class: "gq-pair" }, select, make("label", { for: id }, `${key}. `, this.text(text)));
      return select;
    });
    this.controls = selects;
    this.fill = answer => {
      const given = {};
      if (typeof answer === "string") for (const [, number, letter] of answer.toLowerCase().matchAll(/(\d+)\W*([a-z])/g)) given[number] = letter;
      else if (Array.isArray(answer)) answer.forEach((letter, place) => (given[place + 1] = letter));
      else Object.assign(given, answer ?? {});
      for (const select of selects) select.value = choices.some(choice => choice.key === given[select.key]) ? given[select.key] : "";
    };
    const rights = choices.map(({ key, text }) => make("li", {}, this.letter(key), this.text(text)));
    return make("div", { class: "gq-matching" }, make("div", {}, ...selects.map(one => one.row)), make("ul", {}, ...rights));
  }

  // What is told after the hand-in: how many points, each option with its explanation, the way to the key.
  tell(told) {
    const { words } = this;
    this.feedback.hidden = !told;
    this.element.classList.toggle("gq-told", Boolean(told));
    if (!told) return this.feedback.replaceChildren();
    const kind = told.status !== "answered" ? told.status : told.credit === 1 ? "right" : told.credit > 0 ? "partly" : "wrong";
    const sign = { right: "✓", partly: "◐", wrong: "✗", unanswered: "–", invalid: "!" }[kind];
    const points = filled(words.of_points, this.form.figure(told.points), this.form.figure(told.max_points));
    const parts = [make("p", { class: `gq-verdict gq-${kind}`, text: `${sign} ${words[kind]} · ${points}` })];
    if (told.reason) parts.push(make("p", { text: told.reason }));
    const lines = told.told.filter(one => one.chosen || one.explain || one.value === "right").map(one => this.line(one));
    if (lines.length) parts.push(make("ul", {}, ...lines));
    else if (told.solution.length) {
      parts.push(make("p", {}, make("b", { text: `${words.solution}: ` }), this.text(told.solution.join("; "))));
    }
    parts.push(...told.explain.map(text => this.form.texts.put(make("p"), text)));
    this.feedback.replaceChildren(...parts);
  }

  line(one) {
    const { words, view } = this;
    const ordering = view.form === "ordering" || view.form === "matching";
    const word = ordering ? words[one.value === "right" ? "placed" : "misplaced"] : words[`option_${one.value}`];
    const chosen = one.chosen && !ordering ? `, ${words.chosen}` : "";
    const head = [make("b", { class: `gq-is-${one.value}`, text: `${word}${chosen}: ` }), this.text(one.text)];
    if (one.given) head.push(" → ", this.text(one.given));
    return make("li", {}, ...head, one.explain ? make("span", { class: "gq-paragraph" }, this.text(one.explain)) : null);
  }
}

// -- the form ------------------------------------------------------------------------------------------------------------------

class Form {
  constructor(model, element) {
    this.model = model;
    this.number = ++forms;
    this.texts = new Texts(model);
    this.quiz = model.get("quiz");
    this.words = this.quiz.words;
    this.total = this.quiz.questions.length;
    this.pending = new Map();
    this.sent = 0;
    this.closed = model.get("state").submitted;
    const numbers = new Intl.NumberFormat(this.quiz.language, { maximumFractionDigits: 2, numberingSystem: "latn" });
    this.figure = number => numbers.format(number);
    this.build(element);
    this.update();
  }

  build(element) {
    const { words, quiz } = this;
    const title = make("h3", { id: `gq-${this.number}-title` }, this.texts.put(make("span"), quiz.title));
    this.progress = make("progress", { max: this.total, value: 0, "aria-label": words.progress });
    this.count = make("span");
    this.notes = make("ul", { class: "gq-notes" });
    this.status = make("p", { class: "gq-status", role: "status", "aria-live": "polite" });
    this.result = make("p", { class: "gq-result", tabindex: -1 });
    this.questions = quiz.questions.map((view, place) => new Question(this, view, place + 1));
    this.submit = make("button", { type: "button", class: "gq-main", text: words.submit, onclick: () => this.ask("submit") });
    this.reopen = make("button", { type: "button", text: words.reopen, onclick: () => this.ask("reopen") });
    this.element = make(
      "section",
      { class: "grader-quiz", lang: quiz.language, "aria-labelledby": title.id },
      title,
      make("p", { class: "gq-soft", text: filled(words.saved_in, quiz.file) }),
      this.notes,
      make("p", { class: "gq-progress" }, this.progress, this.count),
      ...this.questions.map(question => question.element),
      this.result,
      make("p", { class: "gq-actions" }, this.submit, this.reopen),
      this.status
    );
    element.append(this.element);
  }

  // An answer goes to the kernel, which writes the file and confirms.
  send(question, answer) {
    const number = ++this.sent;
    this.pending.set(number, setTimeout(() => this.say(this.words.not_saved), PATIENCE));
    this.counted();
    this.model.send({ do: "answer", question, answer, number });
  }

  ask(what) {
    this.model.send({ do: what, number: 0 });
    this.focus_next = what;
  }

  confirmed(message) {
    clearTimeout(this.pending.get(message.number));
    this.pending.delete(message.number);
    if (message.error) this.say(message.error, true);
    else if (!this.pending.size && message.number) this.say(`${this.words.saved} ${this.count.textContent}`);
  }

  say(text, alarm = false) {
    this.status.classList.toggle("gq-alarm", alarm || text === this.words.not_saved);
    this.status.textContent = text;
  }

  counted() {
    const answered = this.questions.filter(question => question.answer !== null).length;
    this.progress.value = answered;
    this.count.textContent = filled(this.words.answered_of, answered, this.total);
  }

  // What the kernel knows: answers, whether they are handed in, and what is told then.
  update() {
    const { submitted, feedback, notes, result } = this.model.get("state");
    const answers = this.model.get("answers");
    this.closed = submitted;
    this.element.classList.toggle("gq-closed", submitted);
    for (const question of this.questions) {
      const given = answers[question.view.id] ?? null;
      // What is still on its way is newer than what the kernel says.
      const own = this.pending.size && JSON.stringify(given) !== JSON.stringify(question.answer);
      // Nor is a field touched in which somebody is typing.
      if (!question.typing) question.show(own ? question.answer : given);
      for (const control of question.controls) control.disabled = submitted;
      question.tell(feedback?.[question.view.id]);
    }
    this.notes.replaceChildren(...notes.map(text => make("li", { text })));
    this.notes.hidden = !notes.length;
    this.result.textContent = submitted ? result : "";
    this.result.hidden = !submitted;
    this.submit.hidden = submitted;
    this.reopen.hidden = !submitted;
    this.counted();
    if (this.focus_next) {
      // What was submitted gets the focus and is read out by that.
      this.say(submitted ? "" : this.words.reopened);
      (submitted ? this.result : this.submit).focus();
      this.focus_next = "";
    }
    if (this.element.isConnected) this.texts.typeset();
  }
}

// The notebook's own plain keys, such as the arrows, would leave the form; those with Ctrl, such as saving, stay the notebook's.
function keepKeys(element) {
  const plain = event => !(event.ctrlKey || event.metaKey || event.altKey);
  // JupyterLab looks for this attribute on the document, before the key arrives here.
  const mark = event => element.toggleAttribute("data-lm-suppress-shortcuts", plain(event));
  window.addEventListener("keydown", mark, true);
  element.addEventListener("keydown", event => plain(event) && event.stopPropagation());
  return () => window.removeEventListener("keydown", mark, true);
}

function attached(element, then) {
  if (element.isConnected) then();
  else requestAnimationFrame(() => attached(element, then));
}

export default {
  render({ model, el }) {
    const form = new Form(model, el);
    const update = () => form.update();
    const heard = message => form.confirmed(message);
    const letGo = keepKeys(form.element);
    model.on("change:answers change:state", update);
    model.on("msg:custom", heard);
    attached(el, () => form.texts.typeset());
    return () => {
      letGo();
      model.off("change:answers change:state", update);
      model.off("msg:custom", heard);
    };
  },
};
