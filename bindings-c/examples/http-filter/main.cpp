// An HTTP service that says which posts trade accounts.
//
//   http-filter [--host 127.0.0.1] [--port 8080] [--threads N] [--pack FILE]
//
//   POST /scan      {"id": "7", "text": "..."}, or an array of such
//   GET  /metrics   Prometheus
//   GET  /healthz
//
// SIGHUP loads the pack again without dropping a request; SIGTERM and SIGINT
// stop the service once the requests under way are answered.
#include "filter.hpp"

#include <httplib.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

namespace {

constexpr std::size_t BODY_BYTES_MAX = 8u << 20;

struct Options {
    std::string host = "127.0.0.1";
    int port = 8080; // 0 takes any that is free.
    std::size_t threads = 64;
    std::string pack;
};

std::size_t number(const std::string &name, const std::string &value, std::size_t least,
                   std::size_t most) {
    std::size_t found = 0;
    const char *end = value.data() + value.size();
    const auto [rest, wrong] = std::from_chars(value.data(), end, found);
    if (wrong != std::errc() || rest != end || found < least || found > most) {
        throw std::invalid_argument(name + " takes a number from " + std::to_string(least) +
                                    " to " + std::to_string(most) + ", not \"" + value +
                                    "\"");
    }
    return found;
}

Options read_options(int argc, char **argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (i + 1 == argc) {
            throw std::invalid_argument(name + " needs a value");
        }
        const std::string value = argv[i + 1];
        if (name == "--host") {
            options.host = value;
        } else if (name == "--port") {
            options.port = static_cast<int>(number(name, value, 0, 65535));
        } else if (name == "--threads") {
            options.threads = number(name, value, 1, 4096);
        } else if (name == "--pack") {
            options.pack = value;
        } else {
            throw std::invalid_argument("unknown option " + name);
        }
    }
    return options;
}

void answer(httplib::Response &response, int status, const nlohmann::json &body) {
    response.status = status;
    // What is wrong with a body may quote bytes of it that are not UTF-8.
    const auto replace = nlohmann::json::error_handler_t::replace;
    response.set_content(body.dump(-1, ' ', false, replace) + "\n", "application/json");
}

void add_routes(httplib::Server &server, Filter &filter, Packs &packs, Metrics &metrics) {
    server.Post("/scan", [&](const httplib::Request &request, httplib::Response &response) {
        try {
            response.set_content(filter.scan(request.body), "application/json");
        } catch (const nlohmann::json::exception &error) {
            answer(response, 400, {{"error", error.what()}});
        } catch (const std::invalid_argument &error) {
            answer(response, 400, {{"error", error.what()}});
        } catch (const std::exception &error) {
            answer(response, 500, {{"error", error.what()}});
        }
    });
    server.Get("/metrics", [&](const httplib::Request &, httplib::Response &response) {
        response.set_content(metrics.text(packs.current()), "text/plain; version=0.0.4");
    });
    server.Get("/healthz", [](const httplib::Request &, httplib::Response &response) {
        response.set_content("ok\n", "text/plain");
    });
    server.set_logger([&](const httplib::Request &request, const httplib::Response &response) {
        if (request.path == "/scan") {
            metrics.answered(response.status);
        }
    });
}

// Signals come to this thread alone, as values, not as interruptions.
void obey_signals(const sigset_t &signals, httplib::Server &server, Packs &packs,
                  Metrics &metrics) {
    for (;;) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0) {
            continue;
        }
        if (signal != SIGHUP) {
            server.stop();
            return;
        }
        try {
            packs.reload();
            metrics.reloaded(true);
        } catch (const std::exception &error) {
            metrics.reloaded(false);
            std::cerr << "http-filter: the pack stays as it was: " << error.what()
                      << std::endl;
        }
    }
}

int serve(const Options &options) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
        sigaddset(&signals, signal);
    }
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // Threads inherit it.

    Packs packs(options.pack);
    Metrics metrics;
    Filter filter(packs, metrics);
    httplib::Server server;
    // A connection keeps its thread as long as it is open.
    server.new_task_queue = [&] { return new httplib::ThreadPool(options.threads); };
    server.set_keep_alive_max_count(SIZE_MAX);
    server.set_payload_max_length(BODY_BYTES_MAX);
    server.set_tcp_nodelay(true);
    add_routes(server, filter, packs, metrics);

    int port = options.port;
    if (port == 0) {
        port = server.bind_to_any_port(options.host.c_str());
    } else if (!server.bind_to_port(options.host.c_str(), port)) {
        port = -1;
    }
    if (port < 0) {
        std::cerr << "http-filter: cannot listen on " << options.host << ":" << options.port
                  << "; is the port taken?" << std::endl;
        return EXIT_FAILURE;
    }
    std::thread signal_thread(
        [&] { obey_signals(signals, server, packs, metrics); });
    std::cout << "listening on " << options.host << ":" << port << std::endl;
    const bool served = server.listen_after_bind();
    if (!served) {
        pthread_kill(signal_thread.native_handle(), SIGTERM);
    }
    signal_thread.join();
    return served ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int argc, char **argv) {
    try {
        return serve(read_options(argc, argv));
    } catch (const std::exception &error) {
        std::cerr << "http-filter: " << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
