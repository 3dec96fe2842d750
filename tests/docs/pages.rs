//! The pages of this repository, as text, and their fenced blocks.

use std::{fs, path::PathBuf};

/// A page of Markdown.
pub(crate) struct Page {
    /// Its path from the root of the repository.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// Every page, at the top and in `docs`, in the order of their paths.
pub(crate) fn all() -> Vec<Page> {
    let mut pages: Vec<Page> = ["", "docs", ".github"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| Page {
            text: fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(root()).unwrap().to_str().unwrap().into(),
        })
        .collect();
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

impl Page {
    /// The page at `path`.
    pub(crate) fn at(path: &str) -> Self {
        let mut pages = all().into_iter();
        pages
            .find(|page| page.path == path)
            .unwrap_or_else(|| panic!("there is no {path}"))
    }

    /// The fenced blocks.
    pub(crate) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut open: Option<Block<'_>> = None;
        for (number, line) in self.text.lines().enumerate() {
            match (line.trim_start().strip_prefix("```"), open.take()) {
                (Some(language), None) => {
                    open = Some(Block {
                        language,
                        line: number + 1,
                        text: String::new(),
                    });
                }
                (Some(_), Some(block)) => blocks.push(block),
                (None, Some(mut block)) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                    open = Some(block);
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block is not closed", self.path);
        blocks
    }

    /// The lines outside of fenced blocks, with their numbers.
    pub(crate) fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut is_fenced = false;
        self.text.lines().enumerate().filter_map(move |(number, line)| {
            if line.trim_start().starts_with("```") {
                is_fenced = !is_fenced;
                return None;
            }
            (!is_fenced).then_some((number + 1, line))
        })
    }
}

/// `line` without what stands between backticks.
pub(crate) fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// What stands between backticks in `line`.
pub(crate) fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}
