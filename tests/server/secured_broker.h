#pragma once
// A real Kafka broker that asks who its clients are: with users and passwords, and with certificates, made anew for
// each run. Started where the shared tools, Java, Maven and openssl are, else there is none.

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "tests/server/cli/program.h"

namespace sarsen::server {

class SecuredBroker {
 public:
  static constexpr const char* kUser = "alice";
  static constexpr const char* kPassword = "secret of alice";
  /// Of PLAIN only.
  static constexpr const char* kOtherUser = "bob";
  static constexpr const char* kOtherPassword = R"(b\"o\\b)";  // as JAAS has it: b, a quote, o, a backslash, b

  /// Throws with its log where it can be started and does not run.
  SecuredBroker();
  ~SecuredBroker();
  SecuredBroker(const SecuredBroker&) = delete;
  SecuredBroker& operator=(const SecuredBroker&) = delete;

  bool runs() const noexcept { return process_ > 0; }
  /// What is missing here.
  const std::string& reason() const noexcept { return reason_; }

  // "HOST:PORT"
  std::string open_address() const { return at(0); }      // for everybody
  std::string password_address() const { return at(1); }  // SASL_PLAINTEXT: PLAIN and SCRAM-SHA-256
  std::string tls_address() const { return at(2); }       // SSL
  std::string mutual_address() const { return at(3); }    // SSL, from clients with a certificate
  std::string both_address() const { return at(4); }      // SASL_SSL

  // PEM files, but for the one of type PKCS12 with the password "changeit".
  std::string authority() const { return folder_ / "ca.pem"; }           // that has signed the broker's certificate
  std::string other_authority() const { return folder_ / "other.pem"; }  // that has signed nothing
  std::string client_store() const { return folder_ / "client.pem"; }    // key and certificate
  std::string client_pkcs12() const { return folder_ / "client.p12"; }

 private:
  std::string at(int listener) const { return "127.0.0.1:" + std::to_string(first_port_ + listener); }
  void make_certificates() const;
  void configure() const;
  void format(const std::string& jars) const;
  void start(const std::string& jars);
  void wait_until_ready();

  const TemporaryFolder folder_;
  int first_port_ = 0;
  pid_t process_ = -1;
  std::string reason_;
};

}  // namespace sarsen::server
