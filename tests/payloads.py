"""What somebody could write into a cell to make a page run, fetch or hide something."""

ELSEWHERE = "evil.example"
PAYLOADS = {
    "template": "{{7*7}} {% raw %}",
    "comment": "Costi {# nota",
    "script": "<script>window.atlasHacked=1</script>",
    "image": f'<img src="https://{ELSEWHERE}/a.png" onerror="window.atlasHacked=1">',
    "markdown_image": f"![x](https://{ELSEWHERE}/x.png)",
    "markdown_link": f"[clicca](https://{ELSEWHERE}/x)",
    "reference": f"[a]: https://{ELSEWHERE}/x",
    "autolink": f"https://{ELSEWHERE}/x www.{ELSEWHERE} a@{ELSEWHERE}",
    "autolink_after_a_sign": f"_https://{ELSEWHERE}/x x_https://{ELSEWHERE}/x (_www.{ELSEWHERE} _http://{ELSEWHERE}",
    "arrows": "uno -> due <- tre -- quattro >= 65 <= 70 ~= 9",
    "literal": "${window.atlasHacked=1} `${1+1}`",
    "colour": ":red[x] :material/bolt: :smile: :blue-badge[y]",
    "formula": "$x^2$ $$y$$",
    "cell": "=cmd|' /C calc'!A0",
    "heading": "# Titolo > citazione - voce 1. uno",
    "close": "</script></div>'\"><svg onload=window.atlasHacked=1>",
    "emphasis": "**a** _b_ ~~c~~ `d` \\*e\\* | f |",
    "entity": "&lt;b&gt; &amp; &#60;i&#62;",
}
# The columns of initiatives.csv that take any text.
FREE_COLUMNS = (
    "title_it", "title_en", "summary_it", "summary_en", "lead_organisation", "partners", "funding_source", "documents",
)  # fmt: skip
