// The texts below an element whose contrast with their ground is under 4.5 (3 for large ones), as WCAG 2.2 counts it.
// Colours are mixed by drawing them on one pixel, so that every notation and every transparency counts.
root => {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const mixed = colours => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const grounds = element => {
    const found = [];
    for (let at = element; at; at = at.parentElement) found.unshift(getComputedStyle(at).backgroundColor);
    return [matchMedia("(prefers-color-scheme: dark)").matches ? "Canvas" : "white", ...found];
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  let lookedAt = 0;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest("style") || !element.checkVisibility()) continue;
    lookedAt += 1;
    const style = getComputedStyle(element);
    const ground = grounds(element);
    const [low, high] = [luminance(mixed(ground)), luminance(mixed([...ground, style.color]))].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < (large ? 3 : 4.5)) faint.push({ text: text.slice(0, 60), contrast, colour: style.color, ground: mixed(ground) });
  }
  return { looked_at: lookedAt, faint };
}
