import { createHash } from 'node:crypto';
import { PAGE_COLORS, type RegistrationColors, type RegistrationConfig } from '../../../src/names';

const DEFAULT_COLORS: RegistrationColors = { accent: '#0b5cad', onAccent: '#ffffff', darkAccent: '#7ab8f5', onDarkAccent: '#000000' };

export interface Style {
  readonly css: string;
  /** For the content security policy: this style and no other. */
  readonly hash: string;
}

const styles = new WeakMap<RegistrationConfig, Style>();

/** The style sheet of every page, computed once. All colors that the seller does not choose have a contrast of at least 4.5 as text, and 3 as lines of inputs. */
export function styleOf(config: RegistrationConfig): Style {
  const style = styles.get(config) ?? createStyle(config.page?.colors ?? DEFAULT_COLORS);
  styles.set(config, style);
  return style;
}

function createStyle(colors: RegistrationColors): Style {
  const { light, dark } = PAGE_COLORS;
  const css = `
:root{color-scheme:light dark;--accent:${colors.accent};--on:${colors.onAccent};--page:${light.page};--card:${light.card};--text:#14161c;--soft:#525a66;--line:#e2e5ea;--field:#858c97;--bad:#b3140c;--pale:#fdf2f1;--ok:#0a7040}
@media(prefers-color-scheme:dark){:root{--accent:${colors.darkAccent};--on:${colors.onDarkAccent};--page:${dark.page};--card:${dark.card};--text:#f1f2f5;--soft:#a9b0bc;--line:#30343f;--field:#7d8593;--bad:#ff9d95;--pale:#2b1918;--ok:#5ad19a}}
${RULES}`;
  return { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` };
}

const RULES = `*{box-sizing:border-box}
body{max-width:32rem;margin:0 auto;padding:clamp(1rem,4vh,3rem) 1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem 1rem;margin:0 .25rem 1rem;font-weight:600}
.brand{display:flex;align-items:center;gap:.625rem;min-width:0;font-size:1.125rem}
.brand img{display:block;height:2.25rem;width:auto;max-width:14rem;object-fit:contain}
.mark{flex:none;display:grid;place-items:center;width:2.25rem;height:2.25rem;border-radius:.5625rem;background:var(--accent);color:var(--on)}
main{padding:clamp(1.25rem,5vw,2.25rem);background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:0 1px 2px #0000000a,0 8px 24px #0000000d}
h1{margin:0;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h2{margin:1.75rem 0 .75rem;font-size:1rem}
p{margin:.5rem 0}
a{color:var(--accent);text-underline-offset:.15em}
.soft,.small,.hint,footer{color:var(--soft)}
.small,.hint,footer{font-size:.875rem}
.strip{display:flex;flex-wrap:wrap;gap:.75rem 2.5rem;margin:1.25rem 0;padding:.875rem 1rem;border:1px solid var(--line);border-radius:10px}
dt{font-size:.8125rem;color:var(--soft)}
dd{margin:0;font-weight:600}
.badge{display:inline-block;margin-inline-start:.375rem;padding:0 .5rem;border:1px solid var(--ok);border-radius:99px;color:var(--ok);font-size:.75rem}
.ok{display:flex;align-items:center;gap:.5rem;margin:0 0 .625rem;color:var(--ok);font-weight:600}
.ok svg{flex:none;fill:currentColor}
label{display:block;margin-top:1.125rem;font-weight:600}
label span{color:var(--soft);font-weight:400;font-size:.875rem}
input,select{width:100%;min-height:46px;margin-top:.375rem;padding:.5rem .75rem;border:1px solid var(--field);border-radius:9px;background:var(--card);color:inherit;font:inherit}
.check{display:flex;gap:.625rem;font-weight:400}
.check input{flex:none;width:1.25rem;min-height:0;height:1.25rem;margin:.125rem 0 0;accent-color:var(--accent)}
.check b{font-weight:400}
[aria-invalid]{border-color:var(--bad)}
.hint,.problem{margin:.375rem 0 0;font-size:.875rem}
.problem,.problems a{color:var(--bad)}
.problems{margin:1.25rem 0;padding:.875rem 1rem;border:1px solid var(--bad);border-radius:10px;background:var(--pale)}
.problems p{margin:0}
.problems ul{margin:.375rem 0 0;padding-inline-start:1.25rem}
.button{display:block;width:100%;margin:1.5rem 0 1rem;padding:.625rem 1rem;border:1px solid transparent;border-radius:9px;background:var(--accent);color:var(--on);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.button:hover{box-shadow:0 2px 10px #0004}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ol{margin:0 0 1.25rem;padding:0;list-style:none;counter-reset:step}
li{margin:.375rem 0}
ol li{position:relative;min-height:1.75rem;margin:.75rem 0;padding-inline-start:2.5rem;counter-increment:step}
ol li::before{content:counter(step);position:absolute;inset-inline-start:0;display:grid;place-items:center;width:1.75rem;height:1.75rem;margin-top:-.125rem;border:1px solid var(--line);border-radius:50%;color:var(--soft);font-size:.8125rem}
footer{margin:1.25rem .25rem 0}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;
