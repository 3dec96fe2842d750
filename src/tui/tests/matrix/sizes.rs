//! Whatever is open can be drawn in whatever size.

use crossterm::event::KeyCode;
use ratatui::{Terminal, backend::TestBackend};

use crate::{
    engine::Snapshot,
    tui::{fixture::*, view::view},
};

#[test]
fn every_size_can_be_drawn() {
    let mut desks = Vec::new();
    for keys in ["", "?", "/vm", "f", "l", ":", ":zzz", "y"] {
        let mut app = TestApp::new(busy());
        app.keys(keys);
        desks.push(app);
    }
    let mut details = TestApp::new(busy());
    details.select("contoso-vm");
    details.press(KeyCode::Enter);
    let mut asked = TestApp::new(quiet());
    asked.ask("contoso-app", app_operation());
    let mut empty = TestApp::new(Snapshot::default());
    empty.keys("c");
    desks.extend([details, asked, empty]);
    for app in &mut desks {
        for width in (0..45).chain([60, 79, 80, 109, 110, 300]) {
            for height in (0..18).chain([24, 40, 100]) {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                // The terminal may be resized before its new size is told.
                terminal.draw(|frame| view(&app.model, frame)).unwrap();
                if width % 7 == 0 {
                    app.resize(width, height);
                    app.draw();
                }
            }
        }
    }
}
