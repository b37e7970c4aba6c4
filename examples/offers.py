"""A guide: from a Parquet file of posts to a chart of offers and a list of sellers.

    pip install 'huoyan[polars]' matplotlib
    python examples/offers.py                     # on posts that it makes up
    python examples/offers.py posts.parquet out   # on yours: columns day and text

It scans the posts, tells who offers what by the contacts that they give, draws
the number of offers for each category and day, and writes the flagged posts
with their evidence to a Parquet file.
"""

from __future__ import annotations

import datetime
import random
import sys
from pathlib import Path
from typing import Any

import huoyan.polars  # noqa: F401  (it brings the namespace of columns)
import matplotlib
import polars as pl

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

# What sellers write, each in his own disguise; {} is how to reach him.
OFFERS = [
    "国内实名薇❤号15-30天！带支付！加薇 {}",
    "大量Ｖ信号出售，老号带支付，联系V：{}",
    "微.信.辅.助.解.封 接单，加V {}",
    "ｗｅi xin 辅助注册 一单12，薇 {}",
    "嶶訫老号批发，半年号，稳定，加徽信{}",
    "专业解封威信，秒解不成功不收费 V信{}",
]
# The same contact is written in many ways.
SELLERS = [
    ["hy_seller01", "ｈｙ_ｓｅｌｌｅｒ０１", "hy_seller⓪①"],
    ["huo88yan", "ｈｕｏ⑧⑧ｙａｎ"],
    ["xiaohao2026"],
]
HARMLESS = [
    "今天微信发布了新版本，朋友圈可以发长视频了",
    "法院判决：出售微信账号网站赔偿109万元",
    "老队长在村里很有威信，大家都听他的",
    "请问这个键盘的蓝牙怎么连接电脑？",
    "周末去爬山，有一起的吗，早上八点集合",
    "出售九成新自行车一辆，自提，价格可谈",
]


def make_posts(path: Path, days: int = 14, posts_a_day: int = 60) -> None:
    """Writes made-up posts of some days, one in five an offer."""
    dice = random.Random(1)
    rows: list[dict[str, Any]] = []
    for day in range(days):
        for _ in range(posts_a_day):
            text = dice.choice(HARMLESS)
            if dice.random() < 0.2:
                seller = dice.choices(SELLERS, weights=[6, 3, 1])[0]
                text = dice.choice(OFFERS).format(dice.choice(seller))
            date = datetime.date(2026, 11, 1) + datetime.timedelta(days=day)
            rows.append({"id": len(rows), "day": date, "text": text})
    pl.DataFrame(rows).write_parquet(path)


def scan(posts: pl.DataFrame) -> pl.DataFrame:
    """The posts with a column for each part of the verdict."""
    text: Any = pl.col("text")
    fields = ["flagged", "score", "category", "findings", "contacts"]
    verdict = text.huoyan.scan(fields=fields, threads=0)
    return posts.with_columns(verdict.alias("verdict")).unnest("verdict")


def by_seller(flagged: pl.DataFrame) -> pl.DataFrame:
    """Who offers what: a row for each contact, undisguised."""
    return (
        flagged.explode("contacts")
        .filter(pl.col("contacts").is_not_null())
        .with_columns(
            platform=pl.col("contacts").struct.field("platform"),
            contact=pl.col("contacts").struct.field("value"),
            written=pl.col("contacts").struct.field("text"),
        )
        .group_by("platform", "contact")
        .agg(
            posts=pl.col("text").n_unique(),
            offers=pl.len(),
            categories=pl.col("category").unique().sort(),
            spellings=pl.col("written").unique().sort(),
            first_day=pl.col("day").min(),
            last_day=pl.col("day").max(),
        )
        .sort("offers", "contact", descending=[True, False])
    )


def draw(flagged: pl.DataFrame, path: Path) -> None:
    """The number of offers for each category and day, as a picture."""
    counts = (
        flagged.group_by("day", "category")
        .len()
        .pivot(on="category", index="day", values="len")
        .fill_null(0)
        .sort("day")
    )
    categories = sorted(name for name in counts.columns if name != "day")
    figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
    bottom = [0] * counts.height
    days = [f"{day:%m-%d}" for day in counts["day"]]
    for category in categories:
        heights = counts[category].to_list()
        axes.bar(days, heights, bottom=bottom, label=category.replace("_", " "))
        bottom = [low + high for low, high in zip(bottom, heights, strict=True)]
    axes.set_title("Offers a day")
    axes.set_ylabel("flagged posts")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="x", rotation=45)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=len(categories), loc="upper left")
    axes.set_ylim(top=max(bottom, default=1) * 1.25)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(arguments: list[str]) -> None:
    """Runs the guide."""
    source = Path(arguments[0]) if arguments else Path("posts.parquet")
    target = Path(arguments[1]) if len(arguments) > 1 else Path("offers")
    if not arguments and not source.exists():
        make_posts(source)
    target.mkdir(parents=True, exist_ok=True)

    posts = scan(pl.read_parquet(source))
    flagged = posts.filter(pl.col("flagged"))
    print(f"{flagged.height} of {posts.height} posts are flagged")

    sellers = by_seller(flagged)
    with pl.Config(tbl_rows=20, fmt_str_lengths=40, tbl_width_chars=140):
        print(sellers)
    draw(flagged, target / "offers.png")
    flagged.write_parquet(target / "flagged.parquet")
    print(f"wrote {target / 'offers.png'} and {target / 'flagged.parquet'}")


if __name__ == "__main__":
    main(sys.argv[1:])
