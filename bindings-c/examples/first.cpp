#include <huoyan.hpp>
#include <iostream>

int main() {
    const auto ruleset = huoyan::ruleset::builtin();
    huoyan::scratch scratch(ruleset);
    for (const auto finding : ruleset.scan(scratch, "大量Ｖ信号出售").findings())
        for (const auto seen : finding.evidence())
            std::cout << seen.text() << " reads " << seen.means() << '\n';
}
