import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A Eureka server with a password; run from source, with a class path of its own. */
@SpringBootConfiguration // without a scan: in this package it would find everything
@EnableAutoConfiguration
@EnableEurekaServer
public class EurekaMain {

  /** Everybody has to say who they are; no browser is fooled here into posting anything. */
  @Bean
  SecurityFilterChain everybodySignsIn(HttpSecurity security) throws Exception {
    return security
        .csrf(csrf -> csrf.disable())
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .httpBasic(Customizer.withDefaults())
        .build();
  }

  public static void main(String[] args) {
    SpringApplication.run(EurekaMain.class, args);
  }
}
