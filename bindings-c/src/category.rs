//! Categories by number.

use crate::ffi::{boundary, output};
use crate::status::*;
use crate::text::hy_str;
use engine::Category;

/// What a finding is about: one of HY_CATEGORY_*. A later version may know more.
pub type hy_category = u32;

/// Accounts are sold, bought, rented or recycled.
pub const HY_CATEGORY_ACCOUNT_TRADE: hy_category = 0;
/// Help to register an account: codes received, verification passed.
pub const HY_CATEGORY_ASSISTED_REGISTRATION: hy_category = 1;
/// Help to lift a ban.
pub const HY_CATEGORY_ASSISTED_UNBLOCKING: hy_category = 2;
/// The post gives a way to get in touch outside the site.
pub const HY_CATEGORY_CONTACT_SOLICITATION: hy_category = 3;
/// How many categories this version knows.
pub const HY_CATEGORY_COUNT: u32 = 4;
/// No category: nothing reaches the threshold.
pub const HY_CATEGORY_NONE: hy_category = 0xFFFFFFFF;

const _: () = {
    assert!(Category::AccountTrade as u32 == HY_CATEGORY_ACCOUNT_TRADE);
    assert!(Category::AssistedRegistration as u32 == HY_CATEGORY_ASSISTED_REGISTRATION);
    assert!(Category::AssistedUnblocking as u32 == HY_CATEGORY_ASSISTED_UNBLOCKING);
    assert!(Category::ContactSolicitation as u32 == HY_CATEGORY_CONTACT_SOLICITATION);
    assert!(Category::ALL.len() == HY_CATEGORY_COUNT as usize);
};

/// The name of a category, as packs and JSON write it: "account_trade".
/// Static. HY_ERR_ARGUMENT if there is none of this number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_category_name(
    category: hy_category,
    out_name: *mut hy_str,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let out = unsafe { output(out_name)? };
        let found = Category::ALL.get(category as usize).ok_or(HY_ERR_ARGUMENT)?;
        out.set(found.name().into());
        Ok(HY_OK)
    })
}
