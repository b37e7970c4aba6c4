//! The categories that rules speak for.

use core::fmt;

/// What a post offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[repr(u8)]
#[non_exhaustive]
pub enum Category {
    /// Accounts are sold, bought, rented or recycled.
    AccountTrade = 0,
    /// Help to register an account: codes received, verification passed.
    AssistedRegistration = 1,
    /// Help to lift a ban.
    AssistedUnblocking = 2,
    /// The post gives a way to get in touch outside the site.
    ContactSolicitation = 3,
}

impl Category {
    /// Every category, in the order of the discriminants.
    pub const ALL: &'static [Category] = &[
        Category::AccountTrade,
        Category::AssistedRegistration,
        Category::AssistedUnblocking,
        Category::ContactSolicitation,
    ];

    /// The name that packs and JSON output use: `"account_trade"`.
    pub const fn name(self) -> &'static str {
        match self {
            Category::AccountTrade => "account_trade",
            Category::AssistedRegistration => "assisted_registration",
            Category::AssistedUnblocking => "assisted_unblocking",
            Category::ContactSolicitation => "contact_solicitation",
        }
    }

    /// The category with this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Category> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
