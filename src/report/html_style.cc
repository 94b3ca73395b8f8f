#include "report/html.h"

namespace yipan::report {

namespace {

// Written without < and &, so that it may stand in XML as it is; its hash stands in the page's
// Content-Security-Policy. Contrasts are at least 4.5:1 (WCAG 2.2, 1.4.3).
constexpr std::string_view kStyle = R"css(
:root{--ink:#1a1a1a;--soft:#4a525c;--rule:#c9ced6;--ground:#fff;--band:#f3f5f8;--link:#12457f;
--red:#a3001b;--orange:#8f4b00;--yellow:#5e5600}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);background:var(--ground);font:16px/1.65 "Noto Sans CJK SC",
"Source Han Sans SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB","WenQuanYi Micro Hei",
"WenQuanYi Zen Hei",system-ui,sans-serif}
[lang=en]{display:none!important}
#en:checked~* [lang=en]{display:revert!important}
#en:checked~* [lang=zh]{display:none!important}
a{color:var(--link)}
:focus-visible{outline:3px solid #e08a00;outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:#fff;padding:8px;z-index:9}
#en{position:absolute;top:7px;right:16px;width:18px;height:18px;margin:0;z-index:3}
.switch{position:absolute;top:3px;right:42px;z-index:3;font-size:14px;padding:2px 6px}
.synthetic{background:#fff3cd;border-bottom:1px solid #b58900;color:#4a3900;padding:4px 150px 4px
16px;font-size:14px;font-weight:700}
main{padding:0 16px}
main>*,footer{max-width:1120px;margin-left:auto;margin-right:auto}
nav{padding:0}
h1{font-size:26px;line-height:1.3;margin:8px 90px 0 0}
h2{font-size:22px;line-height:1.35;margin:0 0 6px;border-bottom:3px solid var(--link);
padding-bottom:6px}
h3{font-size:18px;margin:26px 0 8px}
h4{font-size:16px;margin:0 0 6px}
h5,h6{font-size:15px;margin:12px 0 4px}
.meta{margin:0 0 6px;color:var(--soft);font-size:13.5px;overflow-wrap:anywhere}
.answers td,.answers th{padding:3px 8px;line-height:1.4;font-size:14px}
.cover{max-width:1400px;margin:0 auto}
.answers .q{font-weight:700;min-width:9em;width:15%}
.answers .say{min-width:20em}
.narrow,.mark{display:none}
.strip{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0;padding:0;list-style:none}
.strip li{flex:1 1 130px;border:1px solid var(--rule);border-radius:6px;padding:4px 12px}
.strip b{font-size:19px;line-height:1.3;margin-right:8px}
.strip li>span{font-size:13.5px;line-height:1.4;display:inline-block}
nav ol,nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;margin:6px 0;padding:0;list-style:none;
font-size:15px}
section.chapter{padding-top:18px;margin-top:40px}
.mark{font-size:12px;font-weight:400;border:1px solid #b58900;padding:0 5px;margin-left:10px}
.asks{color:var(--soft);margin:4px 0}
.answer{font-size:18px;font-weight:600;margin:8px 0;padding:10px 14px;background:var(--band);
border-left:5px solid var(--link)}
.counts{margin:6px 0}
.scroll{overflow-x:auto;max-width:100%;margin:6px 0 12px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
caption{text-align:left;font-weight:600;padding:4px 0;color:var(--soft)}
th,td{border:1px solid var(--rule);padding:5px 8px;text-align:left;vertical-align:top;
overflow-wrap:break-word}
td{min-width:4.7em}
.n{min-width:0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
td.wide{min-width:17em;overflow-wrap:anywhere}
thead th{background:var(--band);white-space:nowrap}
tfoot td,tfoot th{font-weight:700;background:var(--band)}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.badge{font-weight:700;white-space:nowrap}
.red{color:var(--red)}.orange{color:var(--orange)}.yellow{color:var(--yellow)}
.group{border:1px solid var(--rule);border-left-width:6px;border-radius:4px;padding:10px 14px;
margin:14px 0}
.group.g-red{border-left-color:var(--red)}
.group.g-orange{border-left-color:var(--orange);border-left-style:double}
.group.g-yellow{border-left-color:var(--yellow);border-left-style:dotted}
.group.lead{border-left-style:dashed;border-left-color:var(--soft)}
dl{margin:6px 0;display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;font-size:15px}
dt{color:var(--soft);white-space:nowrap}
dd{margin:0;overflow-wrap:anywhere}
details{margin:4px 0}
summary{cursor:pointer;color:var(--link);font-size:14px}
.evidence{font-size:13px;margin:4px 0 4px 18px;padding:0;overflow-wrap:anywhere}
code,pre{font-family:"Noto Sans Mono CJK SC",Consolas,Menlo,monospace;font-size:.92em}
pre{background:var(--band);padding:10px;overflow-x:auto;white-space:pre-wrap}
.unverified{border:1px dashed var(--red);color:var(--red);padding:0 5px;border-radius:3px;
font-size:13px;white-space:nowrap}
.status{color:var(--soft);font-size:13px}
.warn{border:2px solid var(--red);border-radius:4px;padding:8px 14px;margin-top:24px}
.warn h3{margin:8px 0 2px;font-size:15px}.warn ul{margin:2px 0}
.id{font-size:12.5px;color:var(--soft);overflow-wrap:anywhere}
figure{margin:14px 0}
figcaption{font-weight:600}
figure svg{width:100%;max-width:860px;height:auto;display:block}
blockquote{margin:8px 0;padding:2px 14px;border-left:4px solid var(--rule);color:var(--soft)}
.method h4,.method h5,.method h6{margin-top:14px}
footer{margin-top:40px;padding:14px 16px 30px;color:var(--soft);font-size:13.5px;
border-top:1px solid var(--rule);overflow-wrap:anywhere}
@media (max-width:640px){
body{font-size:15px}
h1{font-size:21px}h2{font-size:19px}
.synthetic{padding-right:16px;padding-top:38px}
.answers thead{display:none}
.answers tr{display:block;border:1px solid var(--rule);margin-bottom:8px}
.answers td,.answers th{display:inline-block;border:0;min-width:0}
.answers .q,.answers .say{display:block;width:auto}
.answers tfoot td,.answers tfoot th{background:none}
.narrow{display:inline}
.answers tfoot td:empty{display:none}
dl{grid-template-columns:1fr;gap:0}
dt{font-size:13px;margin-top:4px}
.group{padding:8px}
figure .chart{overflow-x:auto}
figure svg{min-width:560px}
}
@media print{
@page{size:A4;margin:18mm 14mm 18mm;@bottom-center{content:"— " counter(page) " —"}}
@page marked{@top-right{content:"合成数据 Synthetic data";font-size:8.5pt}}
body{font-size:10pt;line-height:1.5}
h1{font-size:18pt;margin-right:0}h2{font-size:15pt}h3{font-size:12.5pt}h4{font-size:11pt}
#en,.switch,.skip,nav.contents{display:none}
main,footer{max-width:none;padding:0}
table{font-size:8.5pt}
.answers td,.answers th{padding:2.5pt 5pt}
.answers .say{font-size:9pt;min-width:0}
.answers .q{min-width:0}
.answer{font-size:12pt}
.scroll{overflow:visible}
td.wide{min-width:0}
thead th{white-space:normal}
thead{display:table-header-group}
tfoot{display:table-row-group}
tr,figure,dl,.strip li,.warn{break-inside:avoid}
h2,h3,h4,caption{break-after:avoid}
section.chapter{break-before:page;margin-top:0;padding-top:0}
.group{break-inside:auto}
a{color:inherit;text-decoration:none}
.synthetic{padding:1pt 6pt;font-size:8.5pt;border:1px solid #b58900}
.mark{display:inline}
body.marked{page:marked}
details.printed::details-content{content-visibility:visible;block-size:auto}
details.printed>summary,details:not(.printed)>summary{list-style:none;color:inherit}
figure svg{max-height:110mm}
}
)css";

}  // namespace

std::string_view style_sheet() { return kStyle; }

}  // namespace yipan::report
