//! Looking things up in a page, without a browser.

/// The figure under a title, up to its end.
pub fn figure<'a>(page: &'a str, title: &str) -> Option<&'a str> {
    let start = page.find(&format!(">{title}</h"))?;
    page[start..].split("</figure>").next()
}

/// The row of a transport in the table that has this caption.
pub fn row<'a>(page: &'a str, caption: &str, label: &str) -> &'a str {
    let table = page.split(&format!("<caption>{caption}</caption>")).nth(1).unwrap();
    let table = table.split("</table>").next().unwrap();
    let of_label = |row: &&str| row.contains(&format!("<span class=\"label\">{label}</span>"));
    table.split("<tr>").find(of_label).unwrap()
}

/// The texts of a row's cells, with the letters of their notes, thin spaces as plain ones.
pub fn cells(row: &str) -> Vec<String> {
    let texts = row.split("<td class=\"").skip(1).map(|cell| {
        let text = cell.split_once('>').unwrap().1.split("</td>").next().unwrap();
        text.replace("<sup>", " ")
            .replace("</sup>", "")
            .replace("<span class=\"under\">", " | ")
            .replace("</span>", "")
    });
    texts.map(|text| text.replace('\u{202f}', " ")).collect()
}

/// The value of an attribute of each element of this class.
pub fn attributes<'a>(markup: &'a str, class: &str, name: &str) -> Vec<&'a str> {
    let tags = markup.split('<').filter_map(|tag| tag.split('>').next());
    let of_class = tags.filter(|tag| tag.contains(&format!("class=\"{class}\"")));
    of_class.filter_map(|tag| tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()).collect()
}

/// Shares of the width, as `12.50%`.
pub fn percents(values: Vec<&str>) -> Vec<f64> {
    values.into_iter().map(|value| value.trim_end_matches('%').parse().unwrap()).collect()
}

/// Pairs of coordinates, as in `points`.
pub fn points(text: &str) -> Vec<(f64, f64)> {
    let pair = |pair: &str| {
        let (x, y) = pair.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    text.split_whitespace().map(pair).collect()
}

/// The page's only script, which is the template's.
const SCRIPT: &str = include_str!("../../templates/page.js");

/// The page without its script, which there is once, and as it was written.
pub fn without_script(page: &str) -> String {
    let [before, rest] = page.split("<script>").collect::<Vec<_>>()[..] else {
        panic!("there is not one script");
    };
    let (script, after) = rest.split_once("</script>").unwrap();
    assert_eq!(script.trim(), SCRIPT.trim());
    format!("{before}{after}")
}

/// The element of the body under this identifier: a section, or a closed part of the evidence.
pub fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id} is there"));
    let ends = ["</section>", "<details class=\"ev\" id="];
    let part = &page[from..];
    &part[..ends.iter().filter_map(|end| part.find(end)).min().unwrap_or(part.len())]
}

/// The first element that this tag opens, without the tag.
pub fn inner<'a>(page: &'a str, tag: &str) -> &'a str {
    let name = tag.trim_start_matches('<').split([' ', '>']).next().unwrap();
    page.split(tag)
        .nth(1)
        .unwrap_or_else(|| panic!("{tag} is there"))
        .split(&format!("</{name}>"))
        .next()
        .unwrap()
}

/// What a reader sees of a piece of markup that begins and ends outside of tags.
pub fn text(markup: &str) -> String {
    let mut pieces = markup.split('<');
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.filter_map(|piece| Some(piece.split_once('>')?.1));
    let text: String = [first].into_iter().chain(rest).collect();
    let entities = [("&#60;", "<"), ("&#62;", ">"), ("&#39;", "'"), ("&#34;", "\""), ("&#38;", "&")];
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}
