// The contrast of every visible piece of text with what lies behind it (WCAG 2.2, 1.4.3; disabled controls are exempt): the smallest,
// with its words. The tests of all pages evaluate it in theirs.
() => {
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [.2126, .7152, .0722][k], 0);
  const rgb = text => text.match(/[\d.]+/g).map(Number);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = rgb(getComputedStyle(element).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = [99, ''];
  for (const element of document.querySelectorAll('body *')) {
    const words = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
    if (!words || ['SCRIPT', 'STYLE'].includes(element.tagName) || !element.checkVisibility() || element.closest(':disabled')) continue;
    const [a, b] = [rgb(getComputedStyle(element).color), behind(element)].map(light).sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, words];
  }
  return worst;
}
