"""A report as one page to read or print: plain HTML, no script, nothing fetched from elsewhere.

Built as a tree and serialised, never as text with gaps, so that no name can become an element or an attribute.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring  # only written, nothing is parsed

from agent.characters import cleaned
from agent.reporting.report import UptimeReport
from exporters.reports.cells import DATED, NONE, SIGNERS, Cell, ReportSheet, Table, Workbook
from exporters.reports.formatting import written
from exporters.reports.workbook import build_workbook

_STYLE = """
body{font-family:"Times New Roman",serif;margin:1.5em;color:#111;background:#fff}
h1,h2{font-size:1.2em;text-align:center}
table{border-collapse:collapse;width:100%;margin:.4em 0 1.2em}
caption{font-weight:bold;text-align:left;padding:.3em 0}
th,td{border:1px solid #444;padding:.2em .45em;vertical-align:top;min-width:3.6em;overflow-wrap:anywhere}
th{background:#e7ebf0}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
p{margin:.3em 0}
.head{display:flex;justify-content:space-around;text-align:center}
.period{text-align:center;font-weight:bold}
.headline,.sum td{font-weight:bold}
.selection{text-align:center;font-style:italic}
.date{text-align:right;margin-right:12%}
.sign{display:flex;justify-content:space-around;text-align:center;min-height:7em}
.mark{border:2px solid #b00000;color:#b00000;font-weight:bold;text-align:center;padding:.3em}
.all{display:none}
@page{size:A4 landscape;margin:12mm}
@media print{body{margin:0;font-size:9.5pt}thead{display:table-header-group}tr,.sign{break-inside:avoid}
.date{break-after:avoid}.sign{min-height:5em}
section:first-of-type{font-size:8pt}section:first-of-type :is(th,td){padding-block:.02em}
section:first-of-type :is(p,h1,table){margin-block:.1em .3em}section:first-of-type caption{padding:0}
section+section{break-before:page}.all{display:block;position:fixed;bottom:0;left:0;right:0}}
"""


def html_page(report: UptimeReport) -> str:
    """The whole page, every sheet a section."""
    return page(build_workbook(report))


def page(content: Workbook) -> str:
    """Tables as HTML."""
    root = Element("html", lang="en" if content.language == "en" else "vi")
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", f"{content.title} - {content.organisation}")
    SubElement(head, "style").text = _STYLE
    body = SubElement(root, "body")
    if content.mark:
        _text(body, "div", content.mark).set("class", "mark all")
    for number, sheet in enumerate(content.sheets):
        _section(SubElement(body, "section"), sheet, content, "h2" if number else "h1")
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _section(section: Element, sheet: ReportSheet, content: Workbook, heading: str) -> None:
    if content.mark:
        _text(section, "p", content.mark).set("class", "mark")
    if sheet.signed:
        _letterhead(section, content)
    _text(section, heading, sheet.title)
    if sheet.signed and content.period:
        _text(section, "p", content.period).set("class", "period")
    if content.selection:
        _text(section, "p", content.selection).set("class", "selection")
    if sheet.headline:
        _text(section, "p", sheet.headline).set("class", "headline")
    for line in sheet.lines:
        _text(section, "p", line)
    for table in sheet.tables:
        _table(SubElement(section, "table"), table, content)
    if sheet.signed:
        _signatures(section, content.language)


def _letterhead(section: Element, content: Workbook) -> None:
    """Whose report it is, and beside it the nation's name and motto, as in the workbook."""
    both = SubElement(section, "div", {"class": "head"})
    for lines in zip(*content.heading, strict=True):
        side = SubElement(both, "div")
        for line in lines:
            _text(side, "strong", line)
            SubElement(side, "br")


def _table(parent: Element, table: Table, content: Workbook) -> None:
    if table.caption:
        _text(parent, "caption", table.caption)
    whole, columns = sum(column.width for column in table.columns), SubElement(parent, "colgroup")
    for column in table.columns:
        SubElement(columns, "col", style=f"width:{100 * column.width // whole}%")
    heading = SubElement(SubElement(parent, "thead"), "tr")
    for column in table.columns:
        _text(heading, "th", column.heading)
    body = SubElement(parent, "tbody")
    for place, cells in enumerate(table.rows, start=1):
        row = SubElement(body, "tr", {"class": "sum"} if table.totalled and place == len(table.rows) else {})
        for cell in cells:
            _cell(row, cell, content)
    if not table.rows:
        _text(SubElement(body, "tr"), "td", NONE.to(content.language)).set("colspan", str(len(table.columns)))


def _cell(row: Element, cell: Cell, content: Workbook) -> None:
    element = _text(row, "td", written(cell, content.language, content.zone))
    if not isinstance(cell, str):
        element.set("class", "n")


def _signatures(section: Element, language: str) -> None:
    _text(SubElement(section, "p", {"class": "date"}), "em", DATED.to(language))
    both = SubElement(section, "div", {"class": "sign"})
    for who, how in SIGNERS:
        signature = SubElement(both, "div")
        _text(signature, "strong", who.to(language))
        SubElement(signature, "br")
        _text(signature, "em", how.to(language))


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = cleaned(text)
    return element
